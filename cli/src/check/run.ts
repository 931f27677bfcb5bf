import { appendFileSync } from "node:fs";
import { defineHelp, parseArguments } from "../arguments/index.js";
import { CliError } from "../cli-error.js";
import { withProgress } from "../progress.js";
import { check, parts } from "./check.js";
import { countFindings, formats, printMarkdown, type Report } from "./reports/index.js";

const defaultAccepted = "potter.accepted.yaml";

/** The help of `potter check`. */
export const help = defineHelp({
  usage: "potter check [input] [options]",
  purpose:
    "Compares the contract with an earlier one, and lists the changes that break stored events, running sagas, read models or " +
    "clients; generated files that are stale, missing or extra; and names that potter.lock lacks or lost. The input is what `buf build` accepts; default: the workspace in the current folder. Exits with 0 if no change " +
    "counts, with 1 if one does, with 2 if the command line or the file of accepted changes is invalid, and with 3 if the " +
    "contracts cannot be compared.",
  words: { most: 1, completes: "folder" },
  options: {
    against: {
      kind: "text",
      value: "<base>",
      summary: "what to compare with: a revision of git, an image of buf build, or a folder",
      otherwise: "the commit at which the branch has parted from the default branch",
    },
    format: {
      kind: "choice",
      value: "<name>",
      summary: "the report",
      choices: Object.keys(formats) as (keyof typeof formats)[],
      default: "text",
    },
    "fail-on": {
      kind: "choice",
      value: "<severity>",
      summary: "the least severity that counts",
      choices: ["breaking", "dangerous"],
      default: "breaking",
    },
    only: {
      kind: "list",
      value: "<parts>",
      summary: "checks only these, separated by commas",
      choices: parts,
      otherwise: "all",
    },
    accepted: {
      kind: "text",
      value: "<path>",
      summary: "the file of accepted changes",
      otherwise: defaultAccepted,
      completes: "file",
    },
  },
  examples: [
    { name: "potter check --against origin/main", summary: "compares with a branch" },
    {
      name: "potter check --against v1.4.0 --format sarif > check.sarif",
      summary: "writes a report for code scanning",
    },
  ],
});

/** Runs `potter check`. Resolves to 0 if no change counts, to 1 if one does. Every error but one of the command line has code 3. */
export async function run(argv: readonly string[], folder: string): Promise<number> {
  const { values: args, words } = await parseArguments(argv, help);
  let report: Report;
  try {
    report = await withProgress(({ step }) => {
      step("comparing the contract");
      return check({
        folder,
        input: words[0] ?? ".",
        against: args.against,
        accepted: args.accepted ?? defaultAccepted,
        acceptedRequired: args.accepted !== undefined,
        only: new Set(args.only ?? parts),
        today: new Date().toISOString().slice(0, 10),
      });
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
