import type { AnyDesc, DescField, DescFile, DescMessage, DescOneof } from "@bufbuild/protobuf";
import type { Diagnostics } from "../../../diagnostics/index.js";
import { OptionError } from "../../index.js";
import { findNearest, listElements } from "./nearest-element.js";

/** The names that clients use, each with its contract element. */
export type Lock = ReadonlyMap<string, string>;

/** A contract element that has a name in the schema. */
export interface Named {
  /** Its full proto name. What an element has in addition to its type has a suffix, such as ` (input)`. */
  readonly element: string;
  readonly desc: AnyDesc;
}

/** A type that the schema derives from a part of a contract element. */
export interface Part extends Named {
  readonly desc: DescMessage | DescField | DescOneof;
}

export function partOf(desc: Part["desc"], part: string): Part {
  const name = desc.kind === "message" ? desc.typeName : `${desc.parent.typeName}.${desc.name}`;
  return { element: `${name} (${part})`, desc };
}

const header =
  "# What stored data, running sagas and clients depend on. Written by `potter lock`; keep it under version control.\n";

/** Lines of a lock file that other readers know: those of the contract. */
const ofOthers = /^(?:event|rest|saga|file|message|enum|service|import) \S/;
const conflict = /^(?:<{7}|={7}|>{7}|\|{7})(?: |$)/;

/** Parses the names of a lock file. Throws an OptionError for an invalid line. */
export function parseLock(text: string): Lock {
  const lock = new Map<string, string>();
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === "" || line.startsWith("#") || ofOthers.test(line)) continue;
    if (conflict.test(line)) {
      throw new OptionError(
        `line ${at + 1} of the lock file is a conflict of a merge: keep the lines of both sides, then run npx potter lock`,
      );
    }
    const [, name, element] = /^graphql (\S+) = (\S.*)$/.exec(line) ?? [];
    if (name === undefined || element === undefined) {
      throw new OptionError(
        `line ${at + 1} of the lock file is invalid: expected "graphql <name> = <element>", found "${line}"`,
      );
    }
    if (lock.has(name))
      throw new OptionError(`line ${at + 1} of the lock file repeats ${name}: expected each name once`);
    lock.set(name, element.trim());
  }
  return lock;
}

/** Prints a lock file, sorted by name. */
export function printLock(lock: Lock): string {
  const lines = [...lock]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, element]) => `graphql ${name} = ${element}\n`);
  return header + lines.join("");
}

/**
 * Reports locked names that no longer exist. Ignores elements outside the packages of `files`, which may be generated
 * elsewhere.
 */
export function checkLock(
  lock: Lock,
  names: ReadonlyMap<string, Named>,
  files: readonly DescFile[],
  diagnostics: Diagnostics,
): void {
  let elements: ReadonlyMap<string, AnyDesc> | undefined;
  const nameOf = new Map(Array.from(names, ([name, { element }]) => [`${element} ${kindOf(name)}`, name]));
  for (const [name, element] of lock) {
    if (names.get(name)?.element === element) continue;
    const file = files.find(({ proto }) => isIn(element, proto.package));
    if (file === undefined) continue;
    const now = nameOf.get(`${element} ${kindOf(name)}`) ?? "";
    elements ??= listElements(files);
    // A file alone, without a line, if nothing is left in which the element was.
    const desc = names.get(now)?.desc ?? findNearest(element, elements) ?? file;
    diagnostics.report("graphql-locked-name", { desc }, element, name, now);
  }
}

/** Packages start with a lower-case letter and types with a capital, which identifies elements without a package. */
function isIn(element: string, name: string): boolean {
  return name === "" ? !/^[a-z_]\w*\./.test(element) : element.startsWith(`${name}.`);
}

/** The kind of a name. One element may have a name of each kind. */
function kindOf(name: string): string {
  return name.includes(".") ? (/^(Query|Mutation|Subscription)\./.exec(name)?.[1] ?? "field") : "type";
}
