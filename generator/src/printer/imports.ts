import { type ImportExtension, toImportPath } from "./import-path.js";
import type { ImportSymbol } from "./import-symbol.js";

interface Imported {
  readonly name: string;
  readonly local: string;
  typeOnly: boolean;
}

/** The imports of one file, gathered while it is printed. */
export class Imports {
  private readonly modules = new Map<string, Map<string, Imported>>();
  private readonly taken: Set<string>;

  /** Names that the file declares itself, and globals that it uses. */
  constructor(taken: Iterable<string>) {
    this.taken = new Set(taken);
  }

  /** Imports a symbol and gives its name in this file: its own, or one with `$1` where that is taken. */
  use(symbol: ImportSymbol, typeOnly: boolean): string {
    let module = this.modules.get(symbol.from);
    if (module === undefined) {
      module = new Map();
      this.modules.set(symbol.from, module);
    }
    let imported = module.get(symbol.name);
    if (imported === undefined) {
      imported = { name: symbol.name, local: this.take(symbol.name), typeOnly };
      module.set(symbol.name, imported);
    } else if (!typeOnly) {
      imported.typeOnly = false;
    }
    return imported.local;
  }

  private take(name: string): string {
    let local = name;
    for (let salt = 1; this.taken.has(local); salt++) local = `${name}$${salt}`;
    this.taken.add(local);
    return local;
  }

  /** The import declarations: packages first, then files, each by name. */
  print(importer: string, extension: ImportExtension): string[] {
    return [...this.modules]
      .map(([from, symbols]) => ({ path: toImportPath(importer, from, extension), symbols: [...symbols.values()] }))
      .sort((a, b) => rank(a.path) - rank(b.path) || compare(a.path, b.path))
      .map(({ path, symbols }) => printImport(path, symbols));
  }
}

/** Longest line before the names go on lines of their own. */
const width = 120;

function printImport(path: string, symbols: readonly Imported[]): string {
  const sorted = symbols.toSorted((a, b) => compare(a.name.toLowerCase(), b.name.toLowerCase()) || compare(a.name, b.name));
  // `import { type A }` would still load the module, and might close a circle.
  const allTypes = sorted.every(({ typeOnly }) => typeOnly);
  const names = sorted.map(({ name, local, typeOnly }) => {
    const renamed = name === local ? name : `${name} as ${local}`;
    return typeOnly && !allTypes ? `type ${renamed}` : renamed;
  });
  const keyword = allTypes ? "import type" : "import";
  const from = JSON.stringify(path);
  const line = `${keyword} { ${names.join(", ")} } from ${from};`;
  return line.length <= width ? line : `${keyword} {\n  ${names.join(",\n  ")},\n} from ${from};`;
}

function rank(path: string): number {
  if (!path.startsWith(".")) return 0;
  return path.startsWith("..") ? 1 : 2;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
