import { CliError } from "../cli-error.js";

/** The lines of potter.lock other than those of GraphQL, by kind and key: `event order.placed@1`, `message shop.Order`. */
export type LockEntries = ReadonlyMap<string, string>;

/** The kinds of lines, in their order: what reviewers read, then descriptors. */
const kinds = ["event", "rest", "saga", "file", "message", "enum", "service", "import"];
const entry = new RegExp(`^(${kinds.join("|")}) (\\S.*?) = (\\S.*)$`);
const conflict = /^(?:<{7}|={7}|>{7}|\|{7})(?: |$)/;

/** Parses what potter.lock records of the contract. Throws a CliError that names the line and what to do. */
export function parseLockFile(text: string, file: string): LockEntries {
  const entries = new Map<string, string>();
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    if (conflict.test(line)) {
      throw new CliError(
        `${file}:${at + 1}: the file has a conflict of a merge: keep the lines of both sides, of two lines with the same name ` +
          "either one, and then run npx potter lock",
      );
    }
    if (line.trim() === "" || line.startsWith("#") || line.startsWith("graphql ")) continue;
    const [, kind, key, value] = entry.exec(line) ?? [];
    if (kind === undefined || key === undefined || value === undefined) {
      throw new CliError(`${file}:${at + 1}: the line is invalid: expected "<kind> <name> = <value>", found "${line}"`);
    }
    const name = `${kind} ${key}`;
    if (entries.has(name)) {
      throw new CliError(
        `${file}:${at + 1}: the line repeats ${name}: keep either line, and then run npx potter lock, which writes the present one`,
      );
    }
    entries.set(name, value);
  }
  return entries;
}

/** The line of an entry, from 1: that of `event order.placed@1`. undefined: there is none. */
export function findLockLine(text: string, name: string): number | undefined {
  const at = text.split(/\r?\n/).findIndex((line) => line.startsWith(`${name} = `));
  return at < 0 ? undefined : at + 1;
}

/** Prints potter.lock. `graphql`: its header and the names of the schema. Every entry is one line, by kind and name. */
export function printLockFile(graphql: string, entries: LockEntries): string {
  const rankOf = (name: string): number => kinds.indexOf(name.slice(0, name.indexOf(" ")));
  const sorted = [...entries].sort(([a], [b]) => rankOf(a) - rankOf(b) || (a < b ? -1 : 1));
  return graphql + sorted.map(([name, value]) => `${name} = ${value}\n`).join("");
}
