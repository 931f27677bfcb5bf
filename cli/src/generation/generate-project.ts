import { withProgress } from "../progress.js";
import { openProject } from "../project/index.js";
import type { ScaffoldChoice } from "../scaffold/index.js";
import { withRunLock } from "../write/index.js";
import type { RunReport } from "./report.js";
import { planRun, type RunChoice, writeRun } from "./run.js";

/** What a command generates of a project. Default: all. */
export interface GenerateOptions extends RunChoice {
  /** The template, from the folder of the project. */
  readonly template: string;
  /** What to do with users' files afterwards. undefined: leave them as they are. */
  readonly scaffold?: ScaffoldChoice | undefined;
}

/** Generates a project and writes what differs. Throws a CompileError, ContractErrors or a CliError; then nothing was written. */
export async function generateProject(folder: string, options: GenerateOptions): Promise<RunReport> {
  const start = performance.now();
  const project = openProject(folder, options.template);
  return withProgress(({ step, say }) =>
    withRunLock(folder, say, async () =>
      writeRun(project, await planRun(project, step, options), options.scaffold, start, step),
    ),
  );
}
