import type { DescMessage, DescService } from "@bufbuild/protobuf";

/** Words that cannot be the name of a constant in a TypeScript module. */
const reserved = new Set(
  (
    "arguments async await break case catch class const continue debugger default delete do else enum eval export " +
    "extends false finally for function if implements import in instanceof interface let new null package private " +
    "protected public return static super switch this throw true try typeof undefined var void while with yield " +
    "any bigint boolean never number object string symbol unknown"
  ).split(" "),
);

/** Properties that every object inherits. */
const inherited = new Set(["__proto__", "constructor", "hasOwnProperty", "toJSON", "toString", "valueOf"]);

/** Whether a name cannot be that of a constant or of a type in a TypeScript module. */
export function isReserved(name: string): boolean {
  return reserved.has(name);
}

/** Assigns unique names. Duplicates get a `$`, which proto names cannot contain. */
export class Names {
  private readonly taken = new Set<string>();

  /** Returns the name, with `$` appended until the name and its `companions` are unique. */
  take(wanted: string, companions: (name: string) => readonly string[] = () => []): string {
    let name = wanted;
    while ([name, ...companions(name)].some((candidate) => this.taken.has(candidate))) name += "$";
    for (const candidate of [name, ...companions(name)]) this.taken.add(candidate);
    return name;
  }
}

/** Returns the name of an element within its package as an identifier: `Outer_Inner`. */
export function toIdentifier(desc: DescMessage | DescService): string {
  const { package: pkg } = desc.file.proto;
  const local = pkg === "" ? desc.typeName : desc.typeName.slice(pkg.length + 1);
  const name = local.replaceAll(".", "_");
  return isReserved(name) ? `${name}$` : name;
}

/** Converts a name to a property name: `orderPlaced`. */
export function toProperty(name: string): string {
  const property = name.charAt(0).toLowerCase() + name.slice(1);
  return inherited.has(property) ? `${property}$` : property;
}

/** Converts a name to snake case, as proto fields are named: `order_line`. */
export function toSnakeCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1_$2")
    .toLowerCase();
}
