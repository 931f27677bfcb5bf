import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { CodeGeneratorRequest } from "@bufbuild/protobuf/wkt";
import { formatPretty } from "@potter/generator/tooling";
import { CliError } from "../cli-error.js";
import { type Acceptance, applyAccepted, readAccepted } from "./accepted/index.js";
import { compare } from "./compare.js";
import { type Compiled, compileBase, compileHead, readBufConfig, toRequest } from "./compile/index.js";
import { type Contract, readContract } from "./contract/index.js";
import { type Surface, surfaces } from "./findings/index.js";
import { compareGraphQL } from "./graphql/index.js";
import { locateFinding, type Report } from "./reports/index.js";
import { compareWire } from "./wire/index.js";

/** What `potter check` compares. */
export interface CheckOptions {
  /** The folder of the project. */
  readonly folder: string;
  /** The input of buf; `.` is the workspace in the folder. */
  readonly input: string;
  /** A revision of git, an image or a folder; undefined: where the branch has parted from the default branch. */
  readonly against: string | undefined;
  /** The file of accepted changes, from the folder. */
  readonly accepted: string;
  /** Whether the file of accepted changes must exist. */
  readonly acceptedRequired: boolean;
  /** Today's date: `2026-12-31`. */
  readonly today: string;
}

/** Compares the contract in a folder with an earlier one. Throws a CliError if it cannot. */
export async function check(options: CheckOptions): Promise<Report> {
  const { folder, input } = options;
  const entries = readEntries(options);
  const [base, head] = await Promise.all([compileBase(options.against, input, folder), compileHead(input, folder)]);
  const before = read(base, `the contract of ${base.title}`);
  const now = read(head, "the contract");
  const compared = surfacesOf(folder);
  const findings = [
    ...(await compareWire({
      base: base.image,
      head: head.image,
      contracts: { base: before.contract, head: now.contract },
      config: readBufConfig(readIf(join(folder, "buf.yaml")), "buf.yaml"),
      folder,
    })),
    ...compare(before.contract, now.contract, compared),
    ...(compared.has("graphql")
      ? await compareGraphQL({ ...before, lock: base.lock }, { ...now, lock: head.lock })
      : []),
  ];
  const judged = applyAccepted(findings, entries, options.today);
  const sources = { base: base.find, head: head.find };
  return {
    base: base.title,
    findings: judged.findings.map((finding) => locateFinding(finding, sources)),
    accepted: judged.accepted.map(({ finding, acceptance }) => ({
      finding: locateFinding(finding, sources),
      acceptance,
    })),
  };
}

/** Reads a contract. One with errors cannot be compared: parts of it are missing. */
function read({ image, find }: Compiled, what: string): { contract: Contract; request: CodeGeneratorRequest } {
  const request = toRequest(image, what);
  const { contract, errors } = readContract(request);
  if (errors.length === 0) return { contract, request };
  throw new CliError(`${what} has errors:\n${formatPretty(errors, (file) => find(file)?.text)}`);
}

/** GraphQL and AsyncAPI are compared if the project generates them, or does not say what it generates. */
function surfacesOf(folder: string): ReadonlySet<Surface> {
  const text = readIf(join(folder, "buf.gen.yaml"));
  const isGenerated = (target: string) => text === undefined || new RegExp(`\\b${target}\\b`).test(text);
  return new Set(
    surfaces.filter((surface) => (surface === "graphql" || surface === "asyncapi" ? isGenerated(surface) : true)),
  );
}

function readEntries({ folder, accepted, acceptedRequired }: CheckOptions): readonly Acceptance[] {
  const text = readIf(join(folder, accepted));
  if (text !== undefined) return readAccepted(text, accepted);
  if (acceptedRequired) throw new CliError(`--accepted ${accepted}: there is no such file`, 2);
  return [];
}

function readIf(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}
