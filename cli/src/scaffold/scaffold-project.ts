import { isAbsolute, relative } from "node:path";
import { compile } from "../contract/index.js";
import { PotterPass } from "../plugins/index.js";
import type { Project } from "../project/index.js";
import { createCandidates } from "./contract/index.js";
import type { ScaffoldGap } from "./gaps.js";
import { readOutputs } from "./read-outputs.js";
import type { ScaffoldMemory } from "./scaffold-memory.js";
import type { ScaffoldResult } from "./scaffold-result.js";
import { readExpected, readState, type ScaffoldSource } from "./state.js";

/** What a command line decides. */
export interface ScaffoldChoice {
  /** The folder for new files, relative to the project or absolute. undefined: where such code already is. */
  readonly into: string | undefined;
  /** Whether nothing is written. */
  readonly dryRun: boolean;
  /** Of a watcher: what the last run has found. */
  readonly memory?: ScaffoldMemory;
}

/** What was done, as commands print it. */
export interface ScaffoldOutcome {
  readonly result: ScaffoldResult;
  /** For people; empty: nothing to say. `all`: with what to paste into places that cannot be seen. */
  print(all: boolean): Promise<string>;
  /** For tools. */
  toJson(): object;
}

/**
 * Brings the files of a project up to its contract. `passes`: what is already compiled; if there is none, it is compiled here.
 * undefined: the project generates no code that takes behaviour, or only buf can read its inputs. Throws a CompileError, or
 * ContractErrors if the contract has errors.
 */
export async function scaffoldProject(
  project: Project,
  passes: readonly PotterPass[],
  { into, dryRun, memory }: ScaffoldChoice,
): Promise<ScaffoldOutcome | undefined> {
  const source = await readSource(project, passes);
  if (source === undefined) return undefined;
  if (!(await concernsFiles(source))) return nothing(dryRun);
  // ts-morph and prettier take longer to load than all that precedes.
  const [{ scaffold }, { printReport, toJson }] = await Promise.all([
    import("./scaffold.js"),
    import("./print-report.js"),
  ]);
  const folder = into !== undefined && isAbsolute(into) ? relative(project.folder, into) : into;
  const result = await scaffold({
    ...source,
    importExtension: source.outputs.importExtension,
    ...(folder !== undefined && { into: folder.replaceAll("\\", "/").replace(/\/$/, "") || "." }),
    dryRun,
    ...(memory && { memory }),
  });
  return { result, print: (all) => printReport(result, all), toJson: () => toJson(result) };
}

/**
 * Finds what `scaffoldProject` would do and report, and writes nothing. Empty for a project of which it would return undefined. Throws
 * as it does.
 */
export async function findProjectGaps(
  project: Project,
  passes: readonly PotterPass[],
): Promise<readonly ScaffoldGap[]> {
  const source = await readSource(project, passes);
  if (source === undefined || !(await concernsFiles(source))) return [];
  const { findGaps } = await import("./gaps.js");
  return findGaps(source);
}

async function readSource(project: Project, passes: readonly PotterPass[]) {
  const outputs = readOutputs(project);
  if (outputs === undefined || project.template.inputs.length === 0) return undefined;
  const { strategy } = outputs.entry;
  const models = (passes.length > 0 ? passes : await readPasses(project)).flatMap((pass) => {
    const analyses = pass.analyse({ strategy, includeImports: false, includeWkt: false });
    pass.endOnErrors();
    return analyses.map(({ model }) => model);
  });
  return { root: project.folder, models, outputs };
}

/** Whether the contract has parts, or a file may declare one that it has no longer. */
async function concernsFiles(source: ScaffoldSource): Promise<boolean> {
  const { parts, modules } = readExpected(source);
  if (parts.length > 0) return true;
  const { mayDeclare } = createCandidates(modules);
  const { texts } = await readState(source);
  return [...texts.values()].some(mayDeclare);
}

function nothing(isDryRun: boolean): ScaffoldOutcome {
  const result: ScaffoldResult = { isDryRun, changed: [], created: [], notes: [], diff: "" };
  return {
    result,
    print: async () => "",
    toJson: () => ({ isDryRun, inserted: [], created: [], notes: [] }),
  };
}

async function readPasses({ folder, template }: Project): Promise<readonly PotterPass[]> {
  const contracts = await compile(template.inputs, folder);
  return contracts.map((contract) => new PotterPass(contract, folder));
}
