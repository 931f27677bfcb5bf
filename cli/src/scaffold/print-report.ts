import { printEntry } from "./contract/index.js";
import { printProperty } from "./insert/index.js";
import type { Note, Place } from "./plan/index.js";
import type { ScaffoldResult } from "./scaffold-result.js";

/**
 * Prints what a run did, one line each, and what is left to do. Empty: there was nothing to do. `all`: also what to paste into places
 * that cannot be seen, which have to be looked at only once; what was refused is always printed with it.
 */
export async function printReport(result: ScaffoldResult, all: boolean): Promise<string> {
  const { created, changed, notes, isDryRun } = result;
  const lines: string[] = [];
  for (const { path, keys } of changed) {
    for (const { name, line } of keys) lines.push(`${path}:${line}: ${isDryRun ? "would insert" : "inserted"} ${name}`);
  }
  for (const { path, part, reason, constant, into } of created) {
    const verb = isDryRun ? "would create" : "created";
    lines.push(`${path}: ${verb} for the ${part}, ${reason}; add ${constant} to ${into}`);
  }
  for (const note of notes) lines.push(...(await printNote(note, all)));
  return lines.map((line) => `${line}\n`).join("");
}

async function printNote({ kind, place, message, paste }: Note, all: boolean): Promise<readonly string[]> {
  const where = place === undefined ? "" : `${placeText(place)}: `;
  const lines = [`${where}${kind}: ${message}`];
  for (const [key, value] of all || kind === "refused" ? paste : []) {
    const printed = await printProperty(printEntry(key, value), {}, {}, 100);
    lines.push(...`${printed},`.split("\n").map((line) => `    ${line}`));
  }
  return lines;
}

function placeText({ path, line, column }: Place): string {
  return line === undefined ? path : `${path}:${line}:${column}`;
}

/** A result as JSON has it: without texts. */
export function toJson({ changed, created, notes, isDryRun }: ScaffoldResult): object {
  return {
    isDryRun,
    inserted: changed.flatMap(({ path, keys }) => keys.map(({ name, line }) => ({ path, line, name }))),
    created: created.map(({ into: _, ...file }) => file),
    notes: notes.map(({ kind, place, message }) => ({ kind, ...place, message })),
  };
}
