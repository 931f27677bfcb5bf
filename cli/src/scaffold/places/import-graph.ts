import { readImports, type TextImport } from "./imports.js";
import { type GeneratedLayout, resolveImport } from "./module-paths.js";
import type { UserTexts } from "./user-sources.js";

/** An import of one user's file by another. */
export interface FileImport extends TextImport {
  /** The file that imports. */
  readonly from: string;
}

/** Which files of the user import which, as their texts say. Built when it is first needed; nothing is parsed. */
export class ImportGraph {
  readonly #texts: UserTexts;
  readonly #layout: GeneratedLayout;
  #graph:
    | { readonly users: ReadonlyMap<string, readonly FileImport[]>; readonly aliased: readonly FileImport[] }
    | undefined;

  /** `texts`: only files that count as users. */
  constructor(texts: UserTexts, layout: GeneratedLayout) {
    this.#texts = texts;
    this.#layout = layout;
  }

  /** Files that import generated modules, with the specifiers, in their order. */
  get importers(): ReadonlyMap<string, readonly string[]> {
    const found = new Map<string, readonly string[]>();
    for (const [path, text] of this.#texts) {
      const specifiers = readImports(text)
        .map(({ specifier }) => specifier)
        .filter((specifier) => this.#resolve(path, specifier)?.kind === "generated");
      if (specifiers.length > 0) found.set(path, specifiers);
    }
    return found;
  }

  /** Whether a name that a file exports may be used by another file, also by way of re-exports. */
  isUsed(path: string, name: string, visited: ReadonlySet<string> = new Set()): boolean {
    if (visited.has(path)) return false;
    const importers = this.#importersOf(path).filter(({ from }) => from !== path);
    // Nobody imports a file of re-exports: it is what another package imports.
    if (visited.size > 0 && importers.length === 0) return true;
    const next = new Set([...visited, path]);
    return importers.some(({ from, isExport, names }) => {
      const taken = names === "*" ? [name] : names.filter(([one]) => one === name).map(([, local]) => local);
      return isExport ? taken.some((one) => this.isUsed(from, one, next)) : taken.length > 0;
    });
  }

  #importersOf(path: string): readonly FileImport[] {
    this.#graph ??= this.#build();
    const bare = withoutEnding(path);
    const aliased = this.#graph.aliased.filter(({ specifier }) =>
      bare.endsWith(`/${lastOf(withoutEnding(specifier))}`),
    );
    return [...(this.#graph.users.get(path) ?? []), ...aliased];
  }

  #build() {
    const users = new Map<string, FileImport[]>();
    const aliased: FileImport[] = [];
    for (const [from, text] of this.#texts) {
      for (const one of readImports(text)) {
        const target = this.#resolve(from, one.specifier);
        if (target?.kind === "user") users.set(target.path, [...(users.get(target.path) ?? []), { ...one, from }]);
        // It may be an alias of a file. Which one is decided by configurations that are not read here.
        else if (target === undefined && !one.specifier.startsWith(".")) aliased.push({ ...one, from });
      }
    }
    return { users, aliased };
  }

  #resolve(from: string, specifier: string) {
    return resolveImport(from, specifier, this.#layout, (path) => this.#texts.has(path));
  }
}

function withoutEnding(path: string): string {
  return path.replace(/\.[cm]?[jt]sx?$/, "").replace(/\/index$/, "");
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
