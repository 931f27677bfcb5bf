import { version } from "@potter/generator/tooling";
import yargs from "yargs";
import { CliError } from "../cli-error.js";
import type { CommandHelp } from "../command.js";
import { generateFiles } from "../plugins/index.js";
import { openProject } from "../project/index.js";
import { applyPlan, listForeign, planFolder, withRunLock } from "../write/index.js";
import { printErrors } from "./print-errors.js";
import { createProgress } from "./progress.js";
import { printReport, type RunReport } from "./report.js";

/** The help of `potter generate`. */
export const help: CommandHelp = {
  usage: "potter generate [options]",
  purpose:
    "Generates what buf.gen.yaml names, with the same bytes as `buf generate`. Compiles the contract once and runs the plugins in this " +
    "process where it can. Writes only files that change, deletes those that it has written and that are generated no longer, and " +
    "writes nothing if the contract has errors.",
  options: [
    { name: "--template <file>", summary: "the template to use; default: buf.gen.yaml" },
    { name: "--json", summary: "print the result as one JSON object" },
  ],
  examples: [
    { name: "potter generate", summary: "generate the code of the project in the current folder" },
    { name: "potter generate --cwd services/orders", summary: "generate that of another folder" },
  ],
};

/** Runs `potter generate`. Resolves to the exit code: 1, with nothing written, if the contract has errors or a plugin fails. */
export async function run(argv: readonly string[], folder: string): Promise<number> {
  const args = await yargs([...argv])
    .scriptName("potter generate")
    .help(false)
    .version(false)
    .option("template", { type: "string", default: "buf.gen.yaml", requiresArg: true })
    .option("json", { type: "boolean", default: false })
    .strict()
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new CliError(message, 2);
    })
    .parseAsync();
  try {
    const report = await generate(folder, args.template);
    printReport(report, args.json);
    return 0;
  } catch (error) {
    return printErrors(error, folder, args.json);
  }
}

async function generate(folder: string, template: string): Promise<RunReport> {
  const start = performance.now();
  const project = openProject(folder, template);
  const progress = createProgress();
  const work = async (): Promise<RunReport> => {
    const { folders, diagnostics, runs, notes } = await generateFiles(project, progress.step);
    progress.step("writing");
    const plans = folders.map(({ out, folder: path, files }) => ({ out, plan: planFolder(path, files) }));
    for (const { plan } of plans) applyPlan(plan, version);
    const foreign = project.template.clean
      ? plans.flatMap(({ out, plan }) => listForeign(plan).map((name) => `${out}/${name}`))
      : [];
    return { folder, plans, foreign, diagnostics, runs, notes, milliseconds: performance.now() - start };
  };
  try {
    return await withRunLock(folder, progress.say, work);
  } finally {
    progress.end();
  }
}
