import { type ImportExtension, toSpecifier } from "./import-path.js";
import type { ImportSymbol } from "./symbol.js";

/** Parts of a line: text, and symbols whose imports are added to the file. */
export type Printable = string | ImportSymbol | readonly Printable[];

/** A TypeScript file under construction. */
export class SourceFile {
  /** Path below `out`, without an extension. */
  readonly path: string;
  private readonly extension: ImportExtension;
  private readonly parts: (string | ImportSymbol)[] = [];
  private readonly declared: ReadonlySet<string>;

  /** `declared` are the names that the file itself declares; an import with one of these names gets an alias. */
  constructor(path: string, declared: Iterable<string>, extension: ImportExtension) {
    this.path = path;
    this.declared = new Set(declared);
    this.extension = extension;
  }

  /** Adds one line. */
  print(...line: readonly Printable[]): void {
    this.push(line);
    this.parts.push("\n");
  }

  /** Adds lines of plain text. */
  lines(lines: readonly string[]): void {
    for (const line of lines) this.parts.push(line, "\n");
  }

  /** Returns the complete text: header, imports, body. */
  toString(header: string): string {
    const imports = new Imports(this.path, this.declared, this.extension);
    for (const part of this.parts) if (typeof part !== "string") imports.add(part);
    const names = imports.resolve();
    const body = this.parts.map((part) => (typeof part === "string" ? part : names(part))).join("");
    return [header, imports.print().trimEnd(), body.trimEnd()]
      .filter((part) => part !== "")
      .join("\n\n")
      .concat("\n");
  }

  private push(printables: readonly Printable[]): void {
    for (const printable of printables) {
      if (typeof printable === "string" || isSymbol(printable)) this.parts.push(printable);
      else this.push(printable);
    }
  }
}

function isSymbol(printable: Printable): printable is ImportSymbol {
  return typeof printable === "object" && "kind" in printable;
}

interface Imported {
  readonly name: string;
  readonly local: string;
  typeOnly: boolean;
}

/** The imports of one file: by module, each name once, aliased if the file declares the same name. */
class Imports {
  private readonly modules = new Map<string, Map<string, { typeOnly: boolean }>>();
  private readonly locals = new Map<string, string>();
  private readonly taken: Set<string>;
  private readonly importer: string;
  private readonly extension: ImportExtension;

  constructor(importer: string, declared: ReadonlySet<string>, extension: ImportExtension) {
    this.importer = importer;
    this.taken = new Set(declared);
    this.extension = extension;
  }

  add({ name, from, typeOnly }: ImportSymbol): void {
    const specifier = this.specifier(from);
    let names = this.modules.get(specifier);
    if (names === undefined) {
      names = new Map();
      this.modules.set(specifier, names);
    }
    const known = names.get(name);
    // An import is type-only as long as all its uses are.
    if (known === undefined) names.set(name, { typeOnly });
    else known.typeOnly &&= typeOnly;
  }

  /** Chooses local names in the order of modules and names. Returns a function from symbols to local names. */
  resolve(): (symbol: ImportSymbol) => string {
    for (const [specifier, names] of this.sorted()) {
      for (const [name] of names) {
        let local = name;
        for (let i = 1; this.taken.has(local); i++) local = `${name}$${i}`;
        this.taken.add(local);
        this.locals.set(`${specifier} ${name}`, local);
      }
    }
    return ({ name, from }) => this.locals.get(`${this.specifier(from)} ${name}`) ?? name;
  }

  print(): string {
    return this.sorted()
      .map(([specifier, names]) => {
        const imported = names.map(([name, { typeOnly }]) => ({
          name,
          typeOnly,
          local: this.locals.get(`${specifier} ${name}`) ?? name,
        }));
        return printImport(specifier, imported);
      })
      .join("");
  }

  private sorted(): [string, [string, { typeOnly: boolean }][]][] {
    // Packages come first, then files by path.
    const rank = (specifier: string) => `${specifier.startsWith(".") ? 1 : 0}${specifier}`;
    return [...this.modules]
      .map(([specifier, names]): [string, [string, { typeOnly: boolean }][]] => [specifier, [...names].sort(byFirst)])
      .sort(([a], [b]) => (rank(a) < rank(b) ? -1 : 1));
  }

  private specifier(from: ImportSymbol["from"]): string {
    return typeof from === "string" ? from : toSpecifier(this.importer, from.path, this.extension);
  }
}

function byFirst([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function printImport(specifier: string, names: readonly Imported[]): string {
  const allTypes = names.every(({ typeOnly }) => typeOnly);
  const printed = names.map(({ name, local, typeOnly }) => {
    const alias = local === name ? name : `${name} as ${local}`;
    return typeOnly && !allTypes ? `type ${alias}` : alias;
  });
  const keyword = allTypes ? "import type" : "import";
  const line = `${keyword} { ${printed.join(", ")} } from "${specifier}";\n`;
  return line.length <= 121
    ? line
    : `${keyword} {\n${printed.map((name) => `  ${name},\n`).join("")}} from "${specifier}";\n`;
}
