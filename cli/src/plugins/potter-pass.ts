import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import {
  type Analysis,
  analyseSource,
  chooseTargets,
  createTranspiler,
  type Diagnostic,
  emit,
  Linker,
  OptionError,
  type Plugin,
  type Transpile,
} from "@potter/generator/tooling";
import { CliError } from "../cli-error.js";
import { type CompiledContract, type FileChoice, listRuns } from "../contract/index.js";
import type { PluginEntry } from "../project/index.js";
import { ContractErrors } from "./contract-errors.js";
import { type GeneratedFiles, mergeFiles } from "./response.js";
import type { KnownFile, RunMemory } from "./run-memory.js";

/** One pass of Potter's plugins over a contract: plugins that generate the same files share one analysis. */
export class PotterPass {
  readonly #contract: CompiledContract;
  readonly #folder: string;
  readonly #transpile: Transpile;
  readonly #analyses = new Map<string, readonly Analysis[]>();
  readonly #diagnostics = new Map<string, Diagnostic>();
  readonly #progress: (step: string) => void;
  readonly #memory: RunMemory | undefined;
  readonly #affected = new Map<Analysis, ReadonlySet<string> | undefined>();

  /** `progress` is called with what is being done. `memory`: of an earlier run, which saves work. */
  constructor(
    contract: CompiledContract,
    folder: string,
    progress: (step: string) => void = () => {},
    memory?: RunMemory,
  ) {
    this.#memory = memory;
    this.#contract = contract;
    this.#folder = folder;
    this.#progress = progress;
    this.#transpile = createTranspiler(folder);
  }

  /** All errors and warnings so far, each once. */
  get diagnostics(): readonly Diagnostic[] {
    return [...this.#diagnostics.values()];
  }

  /** Runs the plugin of an entry. Throws ContractErrors with all errors of the contract. */
  run(plugin: Plugin, entry: PluginEntry): GeneratedFiles {
    const { name, version } = plugin;
    const targets = withPlace(plugin, entry, () =>
      chooseTargets(plugin, entry.parameter, (path) => readFileSync(resolve(this.#folder, path), "utf8")),
    );
    const analyses = this.analyse(entry);
    this.endOnErrors();
    this.#progress(`running ${entry.name}`);
    const affected = this.#listAffected(analyses);
    const known = affected && this.#memory?.filesOf(entry);
    const only = known && affected;
    const results = withPlace(plugin, entry, () =>
      analyses.map((analysis) => emit(analysis, targets, `${name} v${version}`, this.#transpile, only)),
    );
    for (const { diagnostics } of results) this.#report(diagnostics);
    this.endOnErrors();
    const encoder = new TextEncoder();
    const { files, repeated } = mergeFiles(
      results.map((result) =>
        result.files.map(({ name, content, source }): KnownFile => ({ name, bytes: encoder.encode(content), source })),
      ),
    );
    const kept = (known ?? []).filter(({ source }) => source !== undefined && only?.has(source) === false);
    const all = [...kept, ...files];
    this.#memory?.remember(entry, all);
    return { files: all, repeated };
  }

  /** The files whose code may differ from that of the last run; undefined: all. */
  #listAffected([analysis, ...others]: readonly Analysis[]): ReadonlySet<string> | undefined {
    if (this.#memory === undefined || analysis === undefined || others.length > 0) return undefined;
    if (!this.#affected.has(analysis)) {
      this.#affected.set(analysis, this.#memory.listAffected(this.#contract, analysis));
    }
    return this.#affected.get(analysis);
  }

  /** Analyses what a plugin with these settings would generate: one analysis for each of its runs. Cached. */
  analyse(choice: FileChoice): readonly Analysis[] {
    const key = `${choice.strategy} ${choice.includeImports} ${choice.includeWkt}`;
    const known = this.#analyses.get(key);
    if (known !== undefined) return known;
    const runs = listRuns(this.#contract, choice);
    // What is linked once is linked for all: the runs of single folders have other files each.
    const linker = (runs.length === 1 ? this.#memory?.linker : undefined) ?? new Linker();
    const analyses = runs.map(({ files, chosen }) => {
      this.#progress("reading the contract");
      const source = linker.link(
        files,
        chosen.map(({ name }) => name),
      );
      this.#progress("checking the contract");
      return analyseSource(source);
    });
    this.#analyses.set(key, analyses);
    for (const { diagnostics } of analyses) this.#report(diagnostics);
    return analyses;
  }

  #report(diagnostics: readonly Diagnostic[]): void {
    for (const diagnostic of diagnostics) this.#diagnostics.set(JSON.stringify(diagnostic), diagnostic);
  }

  /** Throws ContractErrors with all errors of the contract, if it has some. */
  endOnErrors(): void {
    if (this.diagnostics.some(({ severity }) => severity === "error")) throw new ContractErrors(this.diagnostics);
  }
}

/** Reports invalid options with the place of the plugin. */
function withPlace<T>({ name }: Plugin, { place }: PluginEntry, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    throw new CliError(`${place}: ${name}: ${error.message}`);
  }
}
