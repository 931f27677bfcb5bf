import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runBuf } from "../../buf/index.js";
import { CliError } from "../../cli-error.js";
import { createTemporaryFolder } from "../../temporary-folder.js";
import type { BufConfig } from "../compile/index.js";
import type { Contract } from "../contract/index.js";
import { type Finding, wireCode } from "../findings/index.js";
import { elementAt } from "./element-at.js";
import { findNewVersions } from "./new-versions.js";

/** One line of `buf breaking --error-format json`. Lines and columns count from 1. */
interface BufFinding {
  readonly path?: string;
  readonly start_line?: number;
  readonly start_column?: number;
  readonly end_line?: number;
  readonly end_column?: number;
  readonly type: string;
  readonly message: string;
}

/** What `buf breaking` compares. */
export interface WireComparison {
  /** The image of the base. */
  readonly base: Uint8Array;
  /** The image of the head. */
  readonly head: Uint8Array;
  /** Both contracts, to name the elements of findings and to know versions of events. */
  readonly contracts: { readonly base: Contract; readonly head: Contract };
  /** The settings of the workspace. */
  readonly config: BufConfig;
  /** The folder of the project, whose buf runs. */
  readonly folder: string;
}

/** The exit code of buf when it finds something. */
const found = 100;

/**
 * Compares the wire format and JSON of two images by `buf breaking`, with the rules that the workspace chooses, by default those of
 * WIRE_JSON. Throws a CliError if buf cannot compare them.
 */
export async function compareWire({
  base,
  head,
  contracts,
  config,
  folder,
}: WireComparison): Promise<readonly Finding[]> {
  const temporary = createTemporaryFolder("wire");
  try {
    writeFileSync(join(temporary, "base.binpb"), base);
    writeFileSync(join(temporary, "head.binpb"), head);
    const settings = JSON.stringify({ version: "v2", breaking: toSettings(config) });
    const images = [join(temporary, "head.binpb"), "--against", join(temporary, "base.binpb"), "--exclude-imports"];
    const args = ["breaking", ...images, "--error-format", "json", "--config", settings];
    const { status, stdout, stderr } = await runBuf(args, folder);
    if (status !== 0 && status !== found) throw new CliError(`buf cannot compare the wire format:\n${stderr.trim()}`);
    const lines = stdout.toString("utf8").split("\n").filter(Boolean);
    const renewed = findNewVersions(contracts.base, contracts.head);
    return lines.flatMap((line) => {
      const finding = toFinding(JSON.parse(line) as BufFinding, contracts.head);
      return [...renewed].some((name) => isPartOf(finding.element, name)) ? [] : [finding];
    });
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** Images name files as imports do, so paths of settings lose the folder of their module. */
function toSettings({ breaking, modules }: BufConfig): object {
  const { ignore, ignore_only: only, ...rest } = breaking;
  const strip = (paths: unknown) =>
    Array.isArray(paths) ? paths.map((path) => withoutModule(`${path}`, modules)) : [];
  return {
    ...(rest["use"] === undefined && { use: ["WIRE_JSON"] }),
    ...rest,
    ...(ignore !== undefined && { ignore: strip(ignore).filter((path) => path !== "") }),
    ...(typeof only === "object" &&
      only !== null && {
        ignore_only: Object.fromEntries(Object.entries(only).map(([rule, paths]) => [rule, strip(paths)])),
      }),
  };
}

function withoutModule(path: string, modules: readonly string[]): string {
  const root = modules.find((one) => path === one || path.startsWith(`${one}/`));
  return root === undefined ? path : path.slice(root.length + 1);
}

function toFinding(finding: BufFinding, contract: Contract): Finding {
  const { path, start_line: line, start_column: column, type, message } = finding;
  const at = path !== undefined && line !== undefined ? elementAt(contract, path, line, column ?? 1) : undefined;
  const [, removed] = /^Previously present \w+(?: \w+)* "([^"]+)"/.exec(message) ?? [];
  const element = at ?? path ?? "the contract";
  return {
    code: wireCode(type),
    surface: "wire",
    severity: "breaking",
    element: removed === undefined ? element : `${element}: ${removed}`,
    place: path === undefined ? undefined : { side: "head", location: toLocation(finding, path) },
    message: message.replace(/\.( See https?:.*)?$/s, ""),
    effect: "clients and stored messages that were compiled with the earlier contract are misread or refused",
    remedy: `restore it, or add a new element; the rule is ${type} of buf`,
  };
}

/** Whether an element is a message, or a field that it has or had. */
function isPartOf(element: string, message: string): boolean {
  return element === message || element.startsWith(`${message}.`) || element.startsWith(`${message}: `);
}

/** buf gives an empty range at the start of the file for what has no place in it any more. */
function toLocation({ start_line: line, ...rest }: BufFinding, file: string) {
  if (line === undefined) return { file };
  const column = rest.start_column ?? 1;
  const [endLine, endColumn] = [rest.end_line ?? line, rest.end_column ?? column + 1];
  return line === endLine && column === endColumn ? { file } : { file, line, column, endLine, endColumn };
}
