import { resolve } from "node:path";
import type { Diagnostic } from "@potter/generator/tooling";
import { CliError } from "../cli-error.js";
import {
  type CompiledContract,
  compile,
  encodeRequest,
  type FileRun,
  listRequests,
  listRuns,
  retainsSourceOptions,
  type SourceChanges,
} from "../contract/index.js";
import type { PluginEntry, Project } from "../project/index.js";
import { type BufOutput, bufGenerate } from "./buf-generate.js";
import { chooseRunner, type Runner } from "./choose-runner.js";
import { programOf } from "./find-package.js";
import { PotterPass } from "./potter-pass.js";
import { type GeneratedFiles, InsertionPoint, mergeFiles, type PluginFile, readResponse } from "./response.js";
import type { RunMemory } from "./run-memory.js";
import { runProcess } from "./run-process.js";
import { findSagasWithoutCode } from "./sagas-without-code.js";

/** The files of a folder, by their path below it, with slashes. */
export interface OutputFolder {
  /** The absolute path. */
  readonly folder: string;
  /** As written in the template: `gen`. */
  readonly out: string;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** Where a plugin has run, and why not in this process. */
export interface PluginRun {
  readonly plugin: string;
  readonly where: "in this process" | "as a process" | "by buf";
  readonly reason: string | undefined;
}

/** All that a project generates, in memory. */
export interface GeneratedOutputs {
  readonly folders: readonly OutputFolder[];
  /** The passes over the contract of each input, with the analyses that they have made; none if buf ran all. */
  readonly passes: readonly PotterPass[];
  readonly diagnostics: readonly Diagnostic[];
  readonly runs: readonly PluginRun[];
  /** What users should know and no diagnostic says. */
  readonly notes: readonly string[];
}

/** Reports what is being done, such as "compiling the contract". */
export type Progress = (step: string) => void;

/** What a watcher knows of its last run. */
export interface EarlierRun {
  readonly memory: RunMemory;
  /** What has changed since; undefined: anything may have. */
  readonly changes: SourceChanges | undefined;
}

/**
 * Compiles the contract of a project once and runs the plugins of its template, all or those that `isWanted` selects. Writes nothing
 * to the project. Throws a CompileError, ContractErrors or a CliError.
 */
export async function generateFiles(
  project: Project,
  progress: Progress,
  isWanted: (entry: PluginEntry) => boolean = () => true,
  earlier?: EarlierRun,
): Promise<GeneratedOutputs> {
  const entries = project.template.plugins.filter(isWanted);
  progress("compiling the contract");
  const contracts =
    project.template.onlyBuf !== undefined
      ? []
      : earlier === undefined
        ? await compile(project.template.inputs, project.folder)
        : await earlier.memory.compile(project, earlier.changes);
  const reason = project.template.onlyBuf ?? whyBuf(contracts);
  try {
    const outputs = await runAll(project, entries, contracts, reason, progress, earlier?.memory);
    earlier?.memory.commit();
    return outputs;
  } catch (error) {
    if (!(error instanceof InsertionPoint)) throw error;
    earlier?.memory.forget();
    return runAll(project, entries, contracts, `${error.message} adds to files of other plugins`, progress);
  }
}

function whyBuf(contracts: readonly CompiledContract[]): string | undefined {
  return contracts.some(retainsSourceOptions) ? "the contract has options that only the source retains" : undefined;
}

interface ChosenPlugin {
  readonly entry: PluginEntry;
  readonly runner: Runner;
}

async function runAll(
  project: Project,
  entries: readonly PluginEntry[],
  contracts: readonly CompiledContract[],
  reason: string | undefined,
  progress: Progress,
  memory?: RunMemory,
): Promise<GeneratedOutputs> {
  const chosen = entries.map((entry): ChosenPlugin => {
    return { entry, runner: reason === undefined ? chooseRunner(entry, project.folder) : { kind: "buf", reason } };
  });
  const outputs = new Outputs(project.folder);
  const ofBuf = chosen.filter(({ runner }) => runner.kind === "buf").map(({ entry }) => entry);
  const byBuf: Promise<readonly BufOutput[]> = ofBuf.length === 0 ? Promise.resolve([]) : bufGenerate(project, ofBuf);
  const byProcesses = contracts.map((contract) => startProcesses(contract, chosen, project.folder));
  // They may fail while this process is busy. Their errors come when their results are awaited.
  for (const started of [byBuf, ...byProcesses.flatMap((processes) => [...processes.values()])])
    started.catch(() => {});

  const diagnostics: Diagnostic[] = [];
  const passes: PotterPass[] = [];
  for (const [at, contract] of contracts.entries()) {
    const pass = new PotterPass(contract, project.folder, progress, memory);
    passes.push(pass);
    const owners = new Owners();
    for (const plugin of chosen) {
      const { entry, runner } = plugin;
      if (runner.kind === "buf") continue;
      progress(`running ${entry.name}`);
      const generated =
        runner.kind === "potter"
          ? pass.run(runner.plugin, entry)
          : runner.kind === "protobuf-es"
            ? runHere(contract, entry, runner, memory)
            : mergeFiles((await byProcesses[at]?.get(plugin)) ?? []);
      owners.add(entry, generated.files);
      outputs.add(entry.out, generated.files);
      if (generated.repeated.length > 0) outputs.notes.push(explainRepeated(entry, generated.repeated));
    }
    diagnostics.push(...pass.diagnostics);
  }
  for (const { folder, files } of await byBuf) outputs.add(folder, files);
  // Of a part of the template, others may generate them.
  const isWhole = entries.length === project.template.plugins.length;
  const advice = isWhole ? findSagasWithoutCode(project, passes) : undefined;
  if (advice !== undefined) outputs.notes.push(`${advice.message}: ${advice.remedy}`);
  return { folders: outputs.folders, passes, diagnostics, runs: chosen.map(describeRun), notes: outputs.notes };
}

/** Starts all processes at once; they run while this process generates. */
function startProcesses(
  contract: CompiledContract,
  chosen: readonly ChosenPlugin[],
  folder: string,
): ReadonlyMap<ChosenPlugin, Promise<readonly (readonly PluginFile[])[]>> {
  const started = new Map<ChosenPlugin, Promise<readonly (readonly PluginFile[])[]>>();
  for (const plugin of chosen) {
    const { entry, runner } = plugin;
    if (runner.kind !== "process") continue;
    const runs = listRequests(contract, entry, entry.parameter).map(async (request) =>
      readResponse(entry.name, await runProcess(entry, request, folder), editionsOf(contract)),
    );
    started.set(plugin, Promise.all(runs));
  }
  return started;
}

function runHere(
  contract: CompiledContract,
  entry: PluginEntry,
  { run }: Extract<Runner, { kind: "protobuf-es" }>,
  memory: RunMemory | undefined,
): GeneratedFiles {
  const runs = listRuns(contract, entry);
  const known = memory?.filesOf(entry);
  const affected = memory?.listImporters(contract);
  const [whole, ...others] = runs;
  const isOne = whole !== undefined && others.length === 0;
  const part = known && affected && isOne ? selectRun(whole, affected) : undefined;
  const generated = mergeFiles(
    (part === undefined ? runs : [part])
      .filter(({ chosen }) => chosen.length > 0)
      .map(({ files, chosen }) =>
        readResponse(
          entry.name,
          attempt(entry, () => run(encodeRequest(files, chosen, entry.parameter))),
          editionsOf(contract),
        ),
      ),
  );
  // The same proto files have messages in the same files, so that new ones take the place of old ones.
  const files =
    part === undefined
      ? generated.files
      : [...new Map([...(known ?? []), ...generated.files].map((file) => [file.name, file])).values()];
  memory?.remember(entry, files);
  return { files, repeated: generated.repeated };
}

/** The part of a run that generates only some files. undefined: what it generates for one depends on all. */
function selectRun({ files, chosen }: FileRun, wanted: ReadonlySet<string>): FileRun | undefined {
  // Others import the messages of google/protobuf from here only if they are generated here.
  if (chosen.some(({ name }) => name.startsWith("google/protobuf/"))) return undefined;
  const part = chosen.filter(({ name }) => wanted.has(name));
  const needed = new Set(part.map(({ name }) => name));
  for (const { name, dependencies } of files.toReversed())
    if (needed.has(name)) for (const one of dependencies) needed.add(one);
  return { files: files.filter(({ name }) => needed.has(name)), chosen: part };
}

function attempt<T>({ place, name }: PluginEntry, run: () => T): T {
  try {
    return run();
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new CliError(`${place}: ${name} failed: ${text}`);
  }
}

function editionsOf(contract: CompiledContract): readonly number[] {
  return contract
    .filter(({ isImport }) => !isImport)
    .flatMap(({ edition }) => (edition === undefined ? [] : [edition]));
}

function explainRepeated({ place, name }: PluginEntry, repeated: readonly string[]): string {
  return (
    `${place}: ${name} runs once for each folder of proto files and generates ${repeated.slice(0, 3).join(", ")} in several runs, ` +
    "of which only the first counts: set strategy: all"
  );
}

function describeRun({ entry, runner }: ChosenPlugin): PluginRun {
  const plugin = entry.command === undefined ? entry.name : programOf(entry.name);
  if (runner.kind === "buf") return { plugin, where: "by buf", reason: runner.reason };
  if (runner.kind === "process") return { plugin, where: "as a process", reason: undefined };
  return { plugin, where: "in this process", reason: undefined };
}

/** The files of all plugins, by folder. */
class Outputs {
  readonly notes: string[] = [];
  readonly #root: string;
  readonly #folders = new Map<string, { out: string; files: Map<string, Uint8Array> }>();

  constructor(root: string) {
    this.#root = root;
  }

  add(out: string, files: readonly PluginFile[]): void {
    const folder = resolve(this.#root, out);
    const known = this.#folders.get(folder) ?? { out, files: new Map<string, Uint8Array>() };
    this.#folders.set(folder, known);
    for (const { name, bytes } of files) known.files.set(name, bytes);
  }

  get folders(): readonly OutputFolder[] {
    return [...this.#folders].map(([folder, { out, files }]) => ({ folder, out, files }));
  }
}

/** Which plugin has generated which file of a contract. */
class Owners {
  readonly #owners = new Map<string, string>();

  /** Throws a CliError if another plugin has generated one of the files. */
  add({ out, name, place }: PluginEntry, files: readonly PluginFile[]): void {
    for (const file of files) {
      const path = `${out}/${file.name}`;
      const other = this.#owners.get(path);
      if (other !== undefined) {
        throw new CliError(`${place}: ${name} and ${other} both generate ${path}: give one of them another "out"`);
      }
      this.#owners.set(path, name);
    }
  }
}
