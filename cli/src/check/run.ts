import { appendFileSync } from "node:fs";
import yargs from "yargs";
import { CliError } from "../cli-error.js";
import type { CommandHelp } from "../command.js";
import { check, type Part, parts } from "./check.js";
import { countFindings, formats, printMarkdown, type Report } from "./reports/index.js";

const defaultAccepted = "potter.accepted.yaml";

/** The help of `potter check`. */
export const help: CommandHelp = {
  usage: "potter check [input] [options]",
  purpose:
    "Compares the contract with an earlier one, and lists the changes that break stored events, running sagas, read models or " +
    "clients; generated files that are stale, missing or extra; and names that potter.lock lacks or lost. The input is what `buf build` accepts; default: the workspace in the current folder. Exits with 0 if no change " +
    "counts, with 1 if one does, with 2 if the command line or the file of accepted changes is invalid, and with 3 if the " +
    "contracts cannot be compared.",
  options: [
    {
      name: "--against <base>",
      summary:
        "what to compare with: a revision of git, an image of buf build, or a folder; default: the commit at which the branch " +
        "has parted from the default branch",
    },
    { name: "--format <name>", summary: `the report: ${Object.keys(formats).join(", ")}; default: text` },
    {
      name: "--fail-on <severity>",
      summary: "the least severity that counts: breaking or dangerous; default: breaking",
    },
    {
      name: "--only <parts>",
      summary: `checks only these, separated by commas: ${parts.join(", ")}; default: all`,
    },
    { name: "--accepted <path>", summary: `the file of accepted changes; default: ${defaultAccepted}` },
  ],
  examples: [
    { name: "potter check --against origin/main", summary: "compares with a branch" },
    {
      name: "potter check --against v1.4.0 --format sarif > check.sarif",
      summary: "writes a report for code scanning",
    },
  ],
};

/** Runs `potter check`. Resolves to 0 if no change counts, to 1 if one does. Every error but one of the command line has code 3. */
export async function run(argv: readonly string[], folder: string): Promise<number> {
  const args = await parse(argv);
  let report: Report;
  try {
    report = await check({
      folder,
      input: args.input,
      against: args.against,
      accepted: args.accepted ?? defaultAccepted,
      acceptedRequired: args.accepted !== undefined,
      only: args.parts,
      today: new Date().toISOString().slice(0, 10),
    });
  } catch (error) {
    if (error instanceof CliError && error.exitCode === 2) throw error;
    throw new CliError(error instanceof Error ? error.message : String(error), 3);
  }
  console.log(formats[args.format](report));
  const summary = process.env["GITHUB_STEP_SUMMARY"];
  if (args.format === "github" && summary) appendFileSync(summary, `${printMarkdown(report)}\n`);
  const { breaking, dangerous } = countFindings(report.findings);
  return breaking > 0 || (args.failOn === "dangerous" && dangerous > 0) ? 1 : 0;
}

async function parse(argv: readonly string[]) {
  const args = await yargs([...argv])
    .scriptName("potter check")
    // Before the options: it would remove an option of this name.
    .help(false)
    .version(false)
    .parserConfiguration({ "parse-positional-numbers": false, "duplicate-arguments-array": false })
    .option("against", { type: "string", requiresArg: true })
    .option("format", { choices: Object.keys(formats) as (keyof typeof formats)[], default: "text" as const })
    .option("fail-on", { choices: ["breaking", "dangerous"] as const, default: "breaking" as const })
    .option("only", { type: "string", requiresArg: true })
    .option("accepted", { type: "string", requiresArg: true })
    .strictOptions()
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new CliError(message, 2);
    })
    .parseAsync();
  const [input = ".", ...more] = args._.map(String);
  if (more.length > 0) throw new CliError(`expected one input, found ${args._.join(" ")}`, 2);
  return { ...args, input, parts: toParts(args.only) };
}

function toParts(only: string | undefined): ReadonlySet<Part> {
  if (only === undefined) return new Set(parts);
  const names = only.split(",").map((name) => name.trim());
  const unknown = names.find((name) => !parts.includes(name as Part));
  if (unknown !== undefined) throw new CliError(`--only ${unknown}: expected ${parts.join(", ")}`, 2);
  return new Set(names as Part[]);
}
