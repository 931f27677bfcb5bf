import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { CompileProblem } from "./problems.js";

/** Replaces all problems of a file with an unresolved merge conflict by one, at its first conflict. `folder`: where buf ran. */
export function explainMergeConflicts(problems: readonly CompileProblem[], folder: string): readonly CompileProblem[] {
  const conflicts = new Map<string, CompileProblem>();
  for (const { file } of problems) {
    const line = conflicts.has(file) ? 0 : findConflict(resolve(folder, file));
    if (line === 0) continue;
    const place = { file, line, column: 1, endLine: line, endColumn: 8 };
    const hint = "edit the lines up to >>>>>>> so that they are as you want them, and remove these markers";
    conflicts.set(file, { ...place, message: "this file has an unresolved merge conflict", hint });
  }
  return [...conflicts.values(), ...problems.filter(({ file }) => !conflicts.has(file))];
}

/** The line of the first conflict; 0: there is none. */
function findConflict(path: string): number {
  try {
    return (
      readFileSync(path, "utf8")
        .split("\n")
        .findIndex((line) => line.startsWith("<<<<<<< ")) + 1
    );
  } catch {
    return 0;
  }
}
