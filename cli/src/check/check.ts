import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { CodeGeneratorRequest } from "@bufbuild/protobuf/wkt";
import { formatPretty } from "@potter/generator/tooling";
import { CliError } from "../cli-error.js";
import { generateFiles } from "../plugins/index.js";
import { openProject } from "../project/index.js";
import { findProjectGaps } from "../scaffold/index.js";
import { type Acceptance, applyAccepted, readAccepted } from "./accepted/index.js";
import { type Compiled, compileBase, compileHead, findWorkspace, isLock, toRequest } from "./compile/index.js";
import { type Contract, readContract } from "./contract/index.js";
import type { Finding } from "./findings/index.js";
import { findStaleFiles } from "./generated/index.js";
import { compareGraphQL, type GraphQLInput } from "./graphql/index.js";
import { findLockFindings } from "./lock/index.js";
import { locateFinding, type Report } from "./reports/index.js";
import { compare, surfacesOf } from "./rules/index.js";
import { toScaffoldFindings } from "./scaffold/index.js";
import { compareWire } from "./wire/index.js";

/** What `potter check` can check. */
export const parts = ["breaking", "generated", "lock", "scaffold"] as const;

/** A part of `potter check`: changes since an earlier contract, generated files, names of potter.lock, gaps of users' files. */
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

/** A report, and why it says nothing about changes of the contract although that was asked for. */
export interface CheckResult {
  readonly report: Report;
  /** undefined: all that was asked for was checked. */
  readonly failure: CliError | undefined;
}

/** Checks a project. Throws a CliError if its contract cannot be read. Without an earlier contract, the rest is checked. */
export async function check(options: CheckOptions): Promise<CheckResult> {
  const { folder, input, only } = options;
  const entries = readEntries(options);
  const compiled = compileHead(input, folder);
  const [base, head] = await Promise.all([
    only.has("breaking") ? compileBase(options.against, input, folder, compiled).catch(toFailure) : undefined,
    compiled.catch(toFailure),
  ]);
  if (head instanceof CliError) throw base instanceof CliError ? base : head;
  const now = { ...read(head, "the contract"), lock: head.lock };
  let failure = base instanceof CliError ? base : undefined;
  const earlier = base instanceof CliError ? undefined : base;
  const changes = earlier && (await findChanges(earlier, head, now, options).catch(toFailure));
  if (changes instanceof CliError) failure = changes;
  const isCompared = earlier !== undefined && failure === undefined;
  // Entries for what is not checked are neither used nor unused.
  const isChecked = (code: string): boolean => {
    const part = parts.find((one) => code.startsWith(`${one}-`)) ?? "breaking";
    return part === "breaking" ? isCompared : only.has(part);
  };
  const findings = [
    ...(changes === undefined || changes instanceof CliError ? [] : changes),
    ...(only.has("lock") ? findLockFindings(now, isCompared && isLock(options.against)) : []),
    ...(await findGaps(folder, only)),
  ];
  const judged = applyAccepted(findings, entries, options.today, options.accepted, isChecked);
  const sources = { base: earlier?.find ?? (() => undefined), head: head.find };
  const report = {
    base: isCompared ? earlier.title : undefined,
    findings: judged.findings.map((finding) => locateFinding(finding, sources)),
    accepted: judged.accepted.map(({ finding, acceptance }) => ({
      finding: locateFinding(finding, sources),
      acceptance,
    })),
  };
  return { report, failure };
}

function toFailure(error: unknown): CliError {
  if (error instanceof CliError) return error;
  throw error;
}

const template = "buf.gen.yaml";

/** What generated files and users' files lack. A project without a template generates nothing that could be compared. */
async function findGaps(folder: string, only: ReadonlySet<Part>): Promise<readonly Finding[]> {
  if (!existsSync(join(folder, template)) || !(only.has("generated") || only.has("scaffold"))) return [];
  const project = openProject(folder, template);
  // The scaffold reads the contract that was compiled for the files.
  const outputs = only.has("generated") ? await generateFiles(project, () => {}) : undefined;
  return [
    ...(outputs === undefined ? [] : findStaleFiles(folder, outputs.folders, project.template.clean)),
    ...(only.has("scaffold") ? toScaffoldFindings(await findProjectGaps(project, outputs?.passes ?? [])) : []),
  ];
}

/** The changes between two contracts, of all surfaces. */
async function findChanges(base: Compiled, head: Compiled, now: GraphQLInput, { input, folder }: CheckOptions) {
  const before = { ...read(base, `the contract of ${base.title}`), lock: base.lock };
  const compared = surfacesOf(readIf(join(folder, template)));
  const wire = await compareWire({
    base: base.image,
    head: head.image,
    contracts: { base: before.contract, head: now.contract },
    config: findWorkspace(input, folder).config,
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
  const sources = new Map(errors.map(({ location }) => [location.file, find(location.file)]));
  const located = errors.map((error) => {
    const path = sources.get(error.location.file)?.path;
    return path === undefined ? error : { ...error, location: { ...error.location, file: path } };
  });
  const texts = new Map([...sources.values()].flatMap((source) => (source ? [[source.path, source.text]] : [])));
  throw new CliError(`${what} has errors:\n${formatPretty(located, (path) => texts.get(path))}`);
}

function readEntries({ folder, accepted, acceptedRequired }: CheckOptions): readonly Acceptance[] {
  const text = readText(resolve(folder, accepted), accepted);
  if (text !== undefined) return readAccepted(text, accepted);
  if (acceptedRequired) throw new CliError(`--accepted ${accepted}: there is no such file`, 2);
  return [];
}

function readText(path: string, name: string): string | undefined {
  try {
    return readIf(path);
  } catch (error) {
    throw new CliError(`cannot read ${name}: ${(error as Error).message}`, 2);
  }
}

function readIf(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}
