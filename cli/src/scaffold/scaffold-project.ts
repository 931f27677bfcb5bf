import { isAbsolute, relative } from "node:path";
import { compile } from "../contract/index.js";
import { PotterPass } from "../plugins/index.js";
import type { Project } from "../project/index.js";
import { readOutputs } from "./read-outputs.js";
import type { ScaffoldResult } from "./scaffold.js";

/** What a command line decides. */
export interface ScaffoldChoice {
  /** The folder for new files, relative to the project or absolute. undefined: where such code already is. */
  readonly into: string | undefined;
  /** Whether nothing is written. */
  readonly dryRun: boolean;
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
  { into, dryRun }: ScaffoldChoice,
): Promise<ScaffoldOutcome | undefined> {
  const outputs = readOutputs(project);
  if (outputs === undefined || project.template.inputs.length === 0) return undefined;
  const { strategy } = outputs.entry;
  const models = (passes.length > 0 ? passes : await readPasses(project)).flatMap((pass) => {
    const analyses = pass.analyse({ strategy, includeImports: false, includeWkt: false });
    pass.endOnErrors();
    return analyses.map(({ model }) => model);
  });
  // ts-morph and prettier take longer to load than all that precedes.
  const [{ scaffold }, { printReport, toJson }] = await Promise.all([
    import("./scaffold.js"),
    import("./print-report.js"),
  ]);
  const folder = into !== undefined && isAbsolute(into) ? relative(project.folder, into) : into;
  const result = await scaffold({
    root: project.folder,
    models,
    outputs,
    importExtension: outputs.importExtension,
    ...(folder !== undefined && { into: folder.replaceAll("\\", "/").replace(/\/$/, "") || "." }),
    dryRun,
  });
  return { result, print: (all) => printReport(result, all), toJson: () => toJson(result) };
}

async function readPasses({ folder, template }: Project): Promise<readonly PotterPass[]> {
  const contracts = await compile(template.inputs, folder);
  return contracts.map((contract) => new PotterPass(contract, folder));
}
