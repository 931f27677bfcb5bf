import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { listOptionFields, suggest } from "@potter/generator/tooling";
import type { CompileProblem } from "./problems.js";

/** Adds to each unknown field of an option of Potter which fields there are. `folder`: where buf ran. */
export function explainOptionFields(problems: readonly CompileProblem[], folder: string): readonly CompileProblem[] {
  return problems.map((problem) => {
    const [, found, type = ""] =
      /^cannot (?:resolve message field name for|find message field `(\w+)` in) `([\w.]+)`$/.exec(problem.message) ??
      [];
    const fields = listOptionFields(type);
    const name = found ?? readName(problem, folder);
    if (fields === undefined || name === undefined) return problem;
    const message = `${type.slice(type.lastIndexOf(".") + 1)} has no field ${name}`;
    const near = suggest(name, fields);
    const hint = `${near === "" ? "" : `did you mean ${near}? `}its fields are ${fields.join(", ")}`;
    return { ...problem, message, hint };
  });
}

/** The name at the place of a problem. undefined: its line cannot be read. */
function readName({ file, line, column }: CompileProblem, folder: string): string | undefined {
  try {
    const text = readFileSync(resolve(folder, file), "utf8").split("\n")[line - 1] ?? "";
    return /^\w+/.exec(text.slice(column - 1))?.[0];
  } catch {
    return undefined;
  }
}
