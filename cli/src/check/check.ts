import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { CodeGeneratorRequest } from "@bufbuild/protobuf/wkt";
import { formatPretty } from "@potter/generator/tooling";
import { CliError } from "../cli-error.js";
import { type Acceptance, applyAccepted, readAccepted } from "./accepted/index.js";
import { compare } from "./compare.js";
import { type Compiled, compileBase, compileHead, readBufConfig, toRequest } from "./compile/index.js";
import { type Contract, readContract } from "./contract/index.js";
import { type Surface, surfaces } from "./findings/index.js";
import { findStaleFiles } from "./generated/index.js";
import { compareGraphQL, findLockedNames, type GraphQLInput } from "./graphql/index.js";
import { locateFinding, type Report } from "./reports/index.js";
import { compareWire } from "./wire/index.js";

/** What `potter check` can check. */
export const parts = ["breaking", "generated", "lock"] as const;

/** A part of `potter check`: changes since an earlier contract, generated files, names of potter.lock. */
export type Part = (typeof parts)[number];

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
  /** What is checked. */
  readonly only: ReadonlySet<Part>;
  /** Today's date: `2026-12-31`. */
  readonly today: string;
}

/** Checks a project. Throws a CliError if contracts cannot be compared. */
export async function check(options: CheckOptions): Promise<Report> {
  const { folder, input, only } = options;
  const entries = readEntries(options);
  const [base, head] = await Promise.all([
    only.has("breaking") ? compileBase(options.against, input, folder) : undefined,
    compileHead(input, folder),
  ]);
  const now = { ...read(head, "the contract"), lock: head.lock };
  const findings = [
    ...(base === undefined ? [] : await findChanges(base, head, now, folder)),
    ...(only.has("lock") ? findLockedNames(now, "potter.lock") : []),
    ...(only.has("generated") ? await findStaleFiles(folder) : []),
  ];
  // Entries for what is not checked are neither used nor unused.
  const judged = applyAccepted(findings, base === undefined ? [] : entries, options.today, options.accepted);
  const sources = { base: base?.find ?? (() => undefined), head: head.find };
  return {
    base: base?.title,
    findings: judged.findings.map((finding) => locateFinding(finding, sources)),
    accepted: judged.accepted.map(({ finding, acceptance }) => ({
      finding: locateFinding(finding, sources),
      acceptance,
    })),
  };
}

/** The changes between two contracts, of all surfaces. */
async function findChanges(base: Compiled, head: Compiled, now: GraphQLInput, folder: string) {
  const before = { ...read(base, `the contract of ${base.title}`), lock: base.lock };
  const compared = surfacesOf(folder);
  const wire = await compareWire({
    base: base.image,
    head: head.image,
    contracts: { base: before.contract, head: now.contract },
    config: readBufConfig(readIf(join(folder, "buf.yaml")), "buf.yaml"),
    folder,
  });
  const ofGraphQL = compared.has("graphql") ? await compareGraphQL(before, now) : [];
  return [...wire, ...compare(before.contract, now.contract, compared), ...ofGraphQL];
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
  const text = readIf(resolve(folder, accepted));
  if (text !== undefined) return readAccepted(text, accepted);
  if (acceptedRequired) throw new CliError(`--accepted ${accepted}: there is no such file`, 2);
  return [];
}

function readIf(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}
