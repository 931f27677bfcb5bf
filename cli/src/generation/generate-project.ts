import { resolve } from "node:path";
import { version } from "@potter/generator/tooling";
import { CliError } from "../cli-error.js";
import { generateFiles, type OutputFolder } from "../plugins/index.js";
import { openProject, type PluginEntry } from "../project/index.js";
import { type ScaffoldChoice, scaffoldProject } from "../scaffold/index.js";
import { applyPlan, listForeign, planFolder, withRunLock } from "../write/index.js";
import { createProgress } from "./progress.js";
import type { RunReport } from "./report.js";

/** What a command generates of a project. Default: all. */
export interface GenerateOptions {
  /** The template, from the folder of the project. */
  readonly template: string;
  /** Selects plugins. Throws a CliError if none of the template's is selected. */
  readonly selectPlugins?: (entries: readonly PluginEntry[], template: string) => readonly PluginEntry[];
  /** Selects files by their path below `out`. Others are neither written nor deleted. */
  readonly isWanted?: (name: string) => boolean;
  /** A folder for all files, in place of each `out`. */
  readonly out?: string | undefined;
  /** What to do with users' files afterwards. undefined: leave them as they are. */
  readonly scaffold?: ScaffoldChoice | undefined;
}

/** Generates a project and writes what differs. Throws a CompileError, ContractErrors or a CliError; then nothing was written. */
export async function generateProject(folder: string, options: GenerateOptions): Promise<RunReport> {
  const start = performance.now();
  const { template, isWanted = () => true, out, scaffold } = options;
  const project = openProject(folder, template);
  const { plugins } = project.template;
  const entries = options.selectPlugins?.(plugins, template) ?? plugins;
  const progress = createProgress();
  const work = async (): Promise<RunReport> => {
    const generated = await generateFiles(project, progress.step, (entry) => entries.includes(entry));
    progress.step("writing");
    const wanted = generated.folders.map((output) => withOnly(output, isWanted));
    const folders = out === undefined ? wanted : [mergeFolders(wanted, out, resolve(folder, out))];
    const plans = folders.map((output) => ({
      out: output.out,
      plan: planFolder(output.folder, output.files, isWanted),
    }));
    for (const { plan } of plans) applyPlan(plan, version);
    const foreign = !project.template.clean || entries.length < plugins.length ? [] : listAllForeign(plans);
    const { diagnostics, runs, notes, passes } = generated;
    if (scaffold !== undefined) progress.step("scaffolding");
    const scaffolded = scaffold && (await scaffoldProject(project, passes, scaffold));
    const milliseconds = performance.now() - start;
    return { folder, plans, foreign, diagnostics, runs, notes, scaffold: scaffolded, milliseconds };
  };
  try {
    return await withRunLock(folder, progress.say, work);
  } finally {
    progress.end();
  }
}

function listAllForeign(plans: RunReport["plans"]): readonly string[] {
  return plans.flatMap(({ out, plan }) => listForeign(plan).map((name) => `${out}/${name}`));
}

function withOnly(output: OutputFolder, isWanted: (name: string) => boolean): OutputFolder {
  return { ...output, files: new Map([...output.files].filter(([name]) => isWanted(name))) };
}

function mergeFolders(folders: readonly OutputFolder[], out: string, folder: string): OutputFolder {
  const files = new Map<string, Uint8Array>();
  for (const one of folders) {
    for (const [name, bytes] of one.files) {
      if (files.has(name))
        throw new CliError(`two plugins generate ${name} in different folders, so --out cannot hold both`);
      files.set(name, bytes);
    }
  }
  return { folder, out, files };
}
