import { type Analysis, Linker, listFileReferences } from "@potter/generator/tooling";
import { type CompiledContract, compile, isSame, keepSame, recompile, type SourceChanges } from "../contract/index.js";
import type { PluginEntry, Project } from "../project/index.js";
import type { PluginFile } from "./response.js";

/** Generated files of a plugin, and the proto file of which each is generated, if it is one. */
export interface KnownFile extends PluginFile {
  readonly source?: string | undefined;
}

type References = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * What a watcher remembers of its last run, so that the next one compiles, reads and generates only what a change affects. It is
 * valid for one template, and only as long as nothing but the texts of proto files changes. Kept in memory only.
 */
export class RunMemory {
  readonly linker: Linker = new Linker();
  #settings = "";
  #contract: CompiledContract | undefined;
  /** Of the last run that is complete: what the next one starts from. */
  #generated: CompiledContract | undefined;
  #references: References = new Map();
  readonly #outputs = new Map<string, readonly KnownFile[]>();
  /** What the present run has found out. It counts when the run is complete. */
  #next: { references: References | undefined; readonly outputs: Map<string, readonly KnownFile[]> } = nothing();
  #isSpliced = false;

  /** Forgets everything: the next run does all. */
  forget(): void {
    this.#contract = undefined;
    this.#generated = undefined;
    this.#references = new Map();
    this.#outputs.clear();
    this.#next = nothing();
    this.#isSpliced = false;
  }

  /** Whether the last contract was put together from parts, and was not compared with a whole one since. */
  get isSpliced(): boolean {
    return this.#isSpliced;
  }

  /** Compiles the contract of a project. `changes`: undefined if anything may have changed. */
  async compile(
    { template, folder }: Project,
    changes: SourceChanges | undefined,
  ): Promise<readonly CompiledContract[]> {
    const [input, ...others] = template.inputs;
    const settings = JSON.stringify(template.raw);
    if (input === undefined || others.length > 0 || settings !== this.#settings || changes === undefined) this.forget();
    this.#settings = settings;
    this.#next = nothing();
    if (input === undefined || others.length > 0) return compile(template.inputs, folder);
    const previous = this.#generated;
    const spliced = previous && changes && (await recompile(previous, input, changes, folder));
    const [whole = []] = spliced === undefined ? await compile([input], folder) : [spliced];
    this.#isSpliced = spliced !== undefined;
    this.#contract = previous === undefined ? whole : keepSame(previous, whole);
    return [this.#contract];
  }

  /** Compiles the whole contract, and returns the names of files that differ from what was put together. */
  async verify({ template, folder }: Project): Promise<readonly string[]> {
    const present = this.#generated ?? [];
    const [whole = []] = await compile(template.inputs, folder);
    if (this.#generated !== present) return [];
    this.#isSpliced = false;
    const found = new Map(whole.map((file) => [file.name, file]));
    const names = new Set([...present, ...whole].map(({ name }) => name));
    const known = new Map(present.map((file) => [file.name, file]));
    return [...names].filter((name) => {
      const [a, b] = [known.get(name), found.get(name)];
      return a === undefined || b === undefined || !isSame(a, b);
    });
  }

  /** The files that differ from the last complete run; undefined: everything must be generated. */
  #listChanged(contract: CompiledContract): ReadonlySet<string> | undefined {
    const before = this.#generated;
    if (before === undefined || before.length !== contract.length) return undefined;
    const isAlike = contract.every(
      (file, at) => before[at]?.name === file.name && before[at]?.isImport === file.isImport,
    );
    // Which files there are decides from where others import them.
    if (!isAlike) return undefined;
    return new Set(contract.filter((file, at) => file !== before[at]).map(({ name }) => name));
  }

  /** The files whose messages a change affects: those that changed, and all that import them. undefined: all. */
  listImporters(contract: CompiledContract): ReadonlySet<string> | undefined {
    const changed = this.#listChanged(contract);
    if (changed === undefined) return undefined;
    return spread(changed, [new Map(contract.map(({ name, dependencies }) => [name, new Set(dependencies)]))]);
  }

  /** The files whose code a change affects: by imports, or by names in options, as they are or as they were. undefined: all. */
  listAffected(contract: CompiledContract, { model }: Analysis): ReadonlySet<string> | undefined {
    const changed = this.#listChanged(contract);
    this.#next.references ??= listFileReferences(model);
    return changed && spread(changed, [this.#references, this.#next.references]);
  }

  /** The files that a plugin has generated in the last complete run. */
  filesOf(entry: PluginEntry): readonly KnownFile[] | undefined {
    return this.#generated && this.#outputs.get(entry.place);
  }

  /** Puts new files of a plugin in the place of those that it has generated from the same sources. */
  remember(entry: PluginEntry, files: readonly KnownFile[]): void {
    this.#next.outputs.set(entry.place, files);
  }

  /** The run is complete. */
  commit(): void {
    this.#generated = this.#contract;
    this.#references = this.#next.references ?? this.#references;
    for (const [place, files] of this.#next.outputs) this.#outputs.set(place, files);
    this.#next = nothing();
  }
}

function nothing() {
  return { references: undefined, outputs: new Map<string, readonly KnownFile[]>() };
}

/** Files, and all that refer to them, directly or not. */
function spread(names: ReadonlySet<string>, references: readonly References[]): ReadonlySet<string> {
  const referring = new Map<string, string[]>();
  for (const [name, others] of references.flatMap((one) => [...one])) {
    for (const other of others) {
      const known = referring.get(other);
      if (known === undefined) referring.set(other, [name]);
      else known.push(name);
    }
  }
  const found = new Set(names);
  for (const name of found) for (const other of referring.get(name) ?? []) found.add(other);
  return found;
}
