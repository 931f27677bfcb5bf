import { explainMergeConflicts } from "./merge-conflicts.js";
import { explainMissingImports } from "./missing-imports.js";
import { explainOptionFields } from "./option-fields.js";
import type { CompileProblem } from "./problems.js";

/** Adds to problems that buf reports what is known about their cause. `folder`: where buf ran. */
export function explainProblems(problems: readonly CompileProblem[], folder: string): readonly CompileProblem[] {
  return explainMergeConflicts(explainOptionFields(explainMissingImports(problems, folder), folder), folder);
}

/** Messages of buf as text, such as `a.proto:3:1:imported file does not exist`, with what is known about their causes. */
export function explainBuf(text: string, folder: string): string {
  const problems = text.split(/\r?\n/).flatMap((line): readonly CompileProblem[] => {
    const [, file = "", at = "", column = "", message = ""] = /^(.+?):(\d+):(\d+):(.*)$/.exec(line) ?? [];
    const place = { line: Number(at), column: Number(column), endLine: Number(at), endColumn: Number(column) };
    return file === "" ? [] : [{ file, ...place, message, hint: undefined }];
  });
  const explained = explainProblems(problems, folder);
  if (explained.every(({ hint }) => hint === undefined)) return text.trimEnd();
  return explained
    .map(({ file, line, column, message, hint }) => {
      return `${file}:${line}:${column}: ${message}${hint === undefined ? "" : `\n  hint: ${hint}`}`;
    })
    .join("\n");
}
