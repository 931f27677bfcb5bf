import { resolve } from "node:path";
import { version } from "@potter/generator/tooling";
import { CliError } from "../cli-error.js";
import { type EarlierRun, type GeneratedOutputs, generateFiles, type OutputFolder } from "../plugins/index.js";
import type { PluginEntry, Project } from "../project/index.js";
import { type ScaffoldChoice, scaffoldProject } from "../scaffold/index.js";
import { applyPlan, type FileDigests, type FolderPlan, listForeign, planFolder } from "../write/index.js";
import type { RunReport } from "./report.js";

/** What of a project is generated, and where. Default: all, in each `out`. */
export interface RunChoice {
  /** Selects plugins. Throws a CliError if none of the template's is selected. */
  readonly selectPlugins?: (entries: readonly PluginEntry[], template: string) => readonly PluginEntry[];
  /** Selects files by their path below `out`. Others are neither written nor deleted. */
  readonly isWanted?: (name: string) => boolean;
  /** A folder for all files, in place of each `out`. */
  readonly out?: string | undefined;
}

/** What a run would write, in memory. */
export interface PlannedRun {
  readonly outputs: GeneratedOutputs;
  /** Of each folder, with its path as the template has it. */
  readonly plans: readonly { readonly out: string; readonly plan: FolderPlan }[];
  /** Whether all plugins of the template have run. */
  readonly isWhole: boolean;
}

/** Generates in memory, and compares the result with what is there. Writes nothing. `step` is called with what is being done. */
export async function planRun(
  project: Project,
  step: (step: string) => void,
  { selectPlugins, isWanted = () => true, out }: RunChoice = {},
  earlier?: EarlierRun & { readonly digests: FileDigests },
): Promise<PlannedRun> {
  const { plugins, file } = project.template;
  const entries = selectPlugins?.(plugins, file) ?? plugins;
  const outputs = await generateFiles(project, step, (entry) => entries.includes(entry), earlier);
  step("writing");
  const wanted = outputs.folders.map((output) => withOnly(output, isWanted));
  const folders = out === undefined ? wanted : [mergeFolders(wanted, out, resolve(project.folder, out))];
  const plans = folders.map((output) => ({
    out: output.out,
    plan: planFolder(output.folder, output.files, isWanted, earlier?.digests),
  }));
  return { outputs, plans, isWhole: entries.length === plugins.length };
}

/** Writes what was planned, then scaffolds if that is wanted. `start`: when the run began, as `performance.now()` has it. */
export async function writeRun(
  project: Project,
  { outputs, plans, isWhole }: PlannedRun,
  scaffold: ScaffoldChoice | undefined,
  start: number,
  step: (step: string) => void,
): Promise<RunReport> {
  const { folder, template } = project;
  for (const { plan } of plans) applyPlan(plan, version);
  const foreign = template.clean && isWhole ? listAllForeign(plans) : [];
  const { diagnostics, runs, notes, passes } = outputs;
  if (scaffold !== undefined) step("scaffolding");
  const scaffolded = scaffold && (await scaffoldProject(project, passes, scaffold));
  const milliseconds = performance.now() - start;
  return { folder, plans, foreign, diagnostics, runs, notes, scaffold: scaffolded, milliseconds };
}

function listAllForeign(plans: PlannedRun["plans"]): readonly string[] {
  const folders = plans.map(({ plan }) => plan.folder);
  return plans.flatMap(({ out, plan }) => listForeign(plan, folders).map((name) => `${out}/${name}`));
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
