import type { AnyDesc, DescField, DescMessage, DescOneof } from "@bufbuild/protobuf";
import type { Diagnostics } from "../../../diagnostics/index.js";
import { OptionError } from "../../index.js";

/** Names that clients use, and the elements of the contract that they stand for. */
export type Lock = ReadonlyMap<string, string>;

/** An element of the contract that has a name in the schema. */
export interface Named {
  /** Its full name in proto; of an input with ` (input)` behind it, and so for all that an element has besides. */
  readonly element: string;
  readonly desc: AnyDesc;
}

/** What a schema makes up for an element of the contract. */
export interface Part extends Named {
  readonly desc: DescMessage | DescField | DescOneof;
}

export function partOf(desc: Part["desc"], part: string): Part {
  const name = desc.kind === "message" ? desc.typeName : `${desc.parent.typeName}.${desc.name}`;
  return { element: `${name} (${part})`, desc };
}

const header = "# The names that clients of this API use. Written by `potter lock`; keep it under version control.\n";

/** Reads a lock. Throws an OptionError about a line that is none. */
export function parseLock(text: string): Lock {
  const lock = new Map<string, string>();
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    const [, name, element] = /^graphql (\S+) = (\S.*)$/.exec(line) ?? [];
    if (name === undefined || element === undefined) {
      throw new OptionError(`line ${at + 1} of the lock is not "graphql <name> = <element>": ${line}`);
    }
    if (lock.has(name)) throw new OptionError(`line ${at + 1} of the lock says twice what ${name} is`);
    lock.set(name, element.trim());
  }
  return lock;
}

/** Writes a lock, in the order of names. */
export function printLock(lock: Lock): string {
  const lines = [...lock]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, element]) => `graphql ${name} = ${element}\n`);
  return header + lines.join("");
}

/**
 * Tells of names that clients use and that are no longer there. Only of what belongs to the packages of `files`: others may
 * be generated elsewhere.
 */
export function checkLock(
  lock: Lock,
  names: ReadonlyMap<string, Named>,
  files: readonly (AnyDesc & { readonly kind: "file" })[],
  diagnostics: Diagnostics,
): void {
  const nameOf = new Map(Array.from(names, ([name, { element }]) => [`${element} ${kindOf(name)}`, name]));
  for (const [name, element] of lock) {
    if (names.get(name)?.element === element) continue;
    const file = files.find(({ proto }) => isIn(element, proto.package));
    if (file === undefined) continue;
    const now = nameOf.get(`${element} ${kindOf(name)}`) ?? "";
    const place = { desc: names.get(now)?.desc ?? file };
    diagnostics.report("graphql-locked-name", place, element, name, now);
  }
}

/** Packages begin with small letters and types with capitals: so elements of no package are told apart. */
function isIn(element: string, name: string): boolean {
  return name === "" ? !/^[a-z_]\w*\./.test(element) : element.startsWith(`${name}.`);
}

/** A type, a field of a root type, or a field: an element may be each of them. */
function kindOf(name: string): string {
  return name.includes(".") ? (/^(Query|Mutation|Subscription)\./.exec(name)?.[1] ?? "field") : "type";
}
