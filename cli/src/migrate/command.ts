import { defineHelp, jsonOption, parseArguments } from "../arguments/index.js";
import { countOf } from "../count-of.js";
import { printErrors } from "../errors/index.js";
import { withRunLock } from "../write/index.js";
import { type MigrateResult, migrate } from "./migrate.js";

/** The help of `potter migrate`. */
export const help = defineHelp({
  usage: "potter migrate [options]",
  purpose:
    "Rewrites the options of Go Potter (potter/options.proto) in your proto files to those of potter.v1. Keeps comments and layout. " +
    "Compiles the result, and writes nothing unless it says the same as before. What has no counterpart is listed.",
  options: {
    "dry-run": { kind: "flag", summary: "write nothing, print the changes as a diff" },
    json: jsonOption,
  },
  examples: [{ name: "potter migrate --dry-run", summary: "show what would be rewritten" }],
});

/** Runs `potter migrate`. Resolves to the exit code: 1 if something is left as it is, or could not be written. */
export async function run(argv: readonly string[], folder: string): Promise<number> {
  const { values: args } = await parseArguments(argv, help);
  try {
    const work = () => migrate(folder, args.dryRun);
    const say = (text: string): void => console.error(`potter: ${text}`);
    const result = await (args.dryRun ? work() : withRunLock(folder, say, work));
    print(result, args.json);
    return result.refused.length > 0 ? 1 : 0;
  } catch (error) {
    return printErrors(error, folder, args.json);
  }
}

function print(result: MigrateResult, json: boolean): void {
  const { isDryRun, changed, lost, refused, diff } = result;
  if (json) {
    console.log(JSON.stringify({ ok: refused.length === 0, isDryRun, changed, lost, refused }, undefined, 2));
    return;
  }
  const lines = [
    ...lost.map((remark) => `${placeOf(remark)}: ${remark.message}`),
    ...refused.flatMap((remark) => [
      `${placeOf(remark)}: refused: ${remark.message}`,
      ...remark.paste.map((text) => `    ${text}`),
    ]),
    ...changed.map(({ path, options }) => `${path}: ${isDryRun ? "would rewrite" : "rewrote"} ${count(options)}`),
  ];
  // Of a dry run, a pipe receives the diff alone.
  if (isDryRun && diff !== "") console.log(diff.trimEnd());
  if (lines.length === 0) console.error("nothing to do: no proto file has options of Go Potter");
  else if (isDryRun) console.error(lines.join("\n"));
  else console.log(lines.join("\n"));
}

function placeOf({ path, line, column }: MigrateResult["lost"][number]): string {
  return line === undefined ? path : `${path}:${line}:${column}`;
}

function count(options: number): string {
  return options === 0 ? "its imports" : countOf(options, "option");
}
