import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import {
  type Analysis,
  analyse,
  chooseTargets,
  createTranspiler,
  type Diagnostic,
  emit,
  OptionError,
  type Plugin,
  readRequest,
  type Transpile,
} from "@potter/generator/tooling";
import { CliError } from "../cli-error.js";
import { type CompiledContract, type FileChoice, listRequests } from "../contract/index.js";
import type { PluginEntry } from "../project/index.js";
import { ContractErrors } from "./contract-errors.js";
import { type GeneratedFiles, mergeFiles } from "./response.js";

/** One pass of Potter's plugins over a contract: plugins that generate the same files share one analysis. */
export class PotterPass {
  readonly #contract: CompiledContract;
  readonly #folder: string;
  readonly #transpile: Transpile;
  readonly #analyses = new Map<string, readonly Analysis[]>();
  readonly #diagnostics = new Map<string, Diagnostic>();

  readonly #progress: (step: string) => void;

  /** `progress` is called with what is being done. */
  constructor(contract: CompiledContract, folder: string, progress: (step: string) => void = () => {}) {
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
    const results = withPlace(plugin, entry, () =>
      analyses.map((analysis) => emit(analysis, targets, `${name} v${version}`, this.#transpile)),
    );
    for (const { diagnostics } of results) this.#report(diagnostics);
    this.endOnErrors();
    const encoder = new TextEncoder();
    return mergeFiles(
      results.map(({ files }) => files.map(({ name, content }) => ({ name, bytes: encoder.encode(content) }))),
    );
  }

  /** Analyses what a plugin with these settings would generate: one analysis for each of its runs. Cached. */
  analyse(choice: FileChoice): readonly Analysis[] {
    const key = `${choice.strategy} ${choice.includeImports} ${choice.includeWkt}`;
    const known = this.#analyses.get(key);
    if (known !== undefined) return known;
    const analyses = listRequests(this.#contract, choice, "").map((bytes) => {
      this.#progress("reading the contract");
      const request = readRequest(bytes);
      this.#progress("checking the contract");
      return analyse(request);
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
