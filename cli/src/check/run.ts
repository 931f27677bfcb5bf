import { appendFileSync } from "node:fs";
import { defineHelp, parseArguments } from "../arguments/index.js";
import { CliError } from "../cli-error.js";
import { withProgress } from "../progress.js";
import { type CheckResult, check, parts } from "./check.js";
import { countFindings, formats, printMarkdown, type Report } from "./reports/index.js";

const defaultAccepted = "potter.accepted.yaml";

/** The help of `potter check`. */
export const help = defineHelp({
  usage: "potter check [input] [options]",
  purpose:
    "Compares the contract with an earlier one, and lists the changes that break stored events, running sagas, read models or " +
    "clients; generated files that are stale, missing or extra; names that potter.lock lacks or lost; and handlers, events, steps and " +
    "parts that your code lacks or has in excess. The input is what `buf build` accepts; default: the workspace in the current folder. Exits with 0 if no change " +
    "counts, with 1 if one does, with 2 if the command line or the file of accepted changes is invalid, and with 3 if the " +
    "contracts cannot be compared.",
  words: { most: 1, completes: "folder" },
  options: {
    against: {
      kind: "text",
      value: "<base>",
      summary:
        "what to compare with: a revision of git, an image of buf build, a folder, or lock: what potter.lock records",
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
    skip: {
      kind: "list",
      value: "<parts>",
      summary: "leaves these out",
      choices: parts,
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
      name: "potter check --against lock",
      summary: "compares with what potter.lock records, without history",
    },
    {
      name: "potter check --against v1.4.0 --format sarif > check.sarif",
      summary: "writes a report for code scanning",
    },
  ],
});

/** Runs `potter check`. Resolves to 0 if no change counts, to 1 if one does. Every error but one of the command line has code 3. */
export async function run(argv: readonly string[], folder: string): Promise<number> {
  const { values: args, words } = await parseArguments(argv, help);
  const chosen = (args.only ?? parts).filter((part) => !args.skip?.includes(part));
  if (chosen.length === 0) throw new CliError("--only and --skip leave nothing to check", 2);
  let result: CheckResult;
  try {
    result = await withProgress(({ step }) => {
      step("comparing the contract");
      return check({
        folder,
        input: words[0] ?? ".",
        against: args.against,
        accepted: args.accepted ?? defaultAccepted,
        acceptedRequired: args.accepted !== undefined,
        only: new Set(chosen),
        today: new Date().toISOString().slice(0, 10),
      });
    });
  } catch (error) {
    if (error instanceof CliError && error.exitCode === 2) throw error;
    throw new CliError(error instanceof Error ? error.message : String(error), 3);
  }
  const { report, failure } = result;
  // What needs no earlier contract is worth reading, but the run is not a success.
  if (failure === undefined || report.findings.length > 0) print(report, args.format);
  if (failure !== undefined) throw new CliError(failure.message, failure.exitCode === 2 ? 2 : 3);
  const { breaking, dangerous } = countFindings(report.findings);
  return breaking > 0 || (args.failOn === "dangerous" && dangerous > 0) ? 1 : 0;
}

function print(report: Report, format: keyof typeof formats): void {
  console.log(formats[format](report));
  const summary = process.env["GITHUB_STEP_SUMMARY"];
  if (format !== "github" || !summary) return;
  try {
    appendFileSync(summary, `${printMarkdown(report)}\n`);
  } catch (error) {
    // The exit code says what the comparison has found.
    console.error(`potter: the job summary is not written: ${(error as Error).message}`);
  }
}
