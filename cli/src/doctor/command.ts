import { defineHelp, jsonOption, parseArguments } from "../arguments/index.js";
import { countOf } from "../count-of.js";
import { paint } from "../paint.js";
import { withProgress } from "../progress.js";
import { checks } from "./checks/index.js";
import { type Check, type CheckedFinding, error, messageOf, type Status } from "./findings/index.js";

/** The help of `potter doctor`. */
export const help = defineHelp({
  usage: "potter doctor [options]",
  purpose:
    "Looks at what a project needs, also if it is broken: versions, packages, buf and its cache, buf.yaml, buf.gen.yaml and its plugins, " +
    "tsconfig.json, generated files, potter.lock, other runs, and whether files can be watched. It changes nothing. Each finding is ok, " +
    "a warning or an error, with a remedy. Exits with 0 if there is no error, with 1 if there is one, and with 2 if the command line is " +
    "invalid.",
  options: {
    only: {
      kind: "list",
      value: "<checks>",
      summary: "only these checks, separated by commas",
      choices: checks.map(({ name }) => name),
      otherwise: "all",
    },
    json: jsonOption,
  },
  examples: [
    { name: "potter doctor", summary: "look at the project in the current folder" },
    { name: "potter doctor --only packages,tsconfig", summary: "some of it" },
  ],
});

/** Runs `potter doctor`. Resolves to the exit code: 1 if there is an error. */
export async function run(argv: readonly string[], folder: string): Promise<number> {
  const { values } = await parseArguments(argv, help);
  const findings = await withProgress(async ({ step }) => {
    const found: CheckedFinding[] = [];
    for (const check of checks.filter(({ name }) => values.only?.includes(name) ?? true)) {
      step(check.step);
      found.push(...(await runCheck(check, folder)));
    }
    return found;
  });
  const failed = findings.some(({ status }) => status === "error");
  console.log(values.json ? JSON.stringify({ ok: !failed, findings }, undefined, 2) : print(findings));
  return failed ? 1 : 0;
}

/** Runs a check. What it throws is a finding: in a broken project, anything may fail. */
async function runCheck(check: Check, folder: string): Promise<readonly CheckedFinding[]> {
  try {
    const findings = await check.run(folder);
    // The report has a line for each finding, also if a message of another program has several.
    return findings.map((finding) => ({
      check: check.name,
      ...finding,
      message: finding.message.replace(/\s*\n\s*/g, " "),
    }));
  } catch (thrown) {
    return [{ check: check.name, ...error(messageOf(thrown).replace(/\s*\n\s*/g, " "), remedy) }];
  }
}

/** For what no check expects. */
const remedy = "if the message does not help, please report it: https://github.com/potter-framework/potter/issues";

const colours = { ok: "green", warning: "yellow", error: "red" } as const;

function print(findings: readonly CheckedFinding[]): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const count = (status: Status): number => findings.filter((finding) => finding.status === status).length;
  const lines = findings.flatMap(({ check, status, message, remedy }) => [
    `${paint(colours[status], status.padEnd(7))}  ${check.padEnd(width)}  ${message}`,
    ...(remedy === undefined ? [] : [`${" ".repeat(width + 11)}→ ${remedy}`]),
  ]);
  return [
    ...lines,
    "",
    `${countOf(count("error"), "error")}, ${countOf(count("warning"), "warning")}, ${count("ok")} ok`,
  ].join("\n");
}
