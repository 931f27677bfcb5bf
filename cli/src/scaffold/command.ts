import { defineHelp, intoOption, jsonOption, parseArguments, templateOption } from "../arguments/index.js";
import { CliError } from "../cli-error.js";
import { printErrors } from "../errors/index.js";
import { withProgress } from "../progress.js";
import { openProject, type Project } from "../project/index.js";
import { withRunLock } from "../write/index.js";
import { type ScaffoldOutcome, scaffoldProject } from "./scaffold-project.js";

/** The help of `potter scaffold`. */
export const help = defineHelp({
  usage: "potter scaffold [options]",
  purpose:
    "Inserts typed stubs for what is new in the contract into your files, creates files for new parts, and reports what the contract " +
    "has lost. Changes nothing else in your files, and deletes nothing. `potter generate` does it too.",
  options: {
    "dry-run": { kind: "flag", summary: "write nothing, print the changes as a diff" },
    into: { ...intoOption, summary: "the folder for new files" },
    template: templateOption,
    json: jsonOption,
  },
  examples: [
    { name: "potter scaffold --dry-run", summary: "show what would be inserted and created" },
    { name: "potter scaffold --into src/domain", summary: "create new files in src/domain" },
  ],
});

/** Runs `potter scaffold`. Resolves to the exit code: 1 if the contract has errors, or if a file could not be written. */
export async function run(argv: readonly string[], folder: string): Promise<number> {
  const { values: args } = await parseArguments(argv, help);
  try {
    const project = openProject(folder, args.template);
    const work = () => scaffoldProject(project, [], { into: args.into, dryRun: args.dryRun });
    const outcome = await withProgress(({ step, say }) => {
      step("looking for what is missing");
      return args.dryRun ? work() : withRunLock(folder, say, work);
    });
    if (outcome === undefined) throw explainNothing(project);
    await print(outcome, args.json);
    return outcome.result.notes.some(({ kind }) => kind === "refused") ? 1 : 0;
  } catch (error) {
    return printErrors(error, folder, args.json);
  }
}

function explainNothing({ template: { file, inputs, onlyBuf } }: Project): CliError {
  if (inputs.length === 0) return new CliError(`${file}: cannot read its inputs: ${onlyBuf ?? "there are none"}`);
  return new CliError(`${file} names no plugin whose code takes behaviour: add protoc-gen-potter-cqrs`, 2);
}

async function print(outcome: ScaffoldOutcome, json: boolean): Promise<void> {
  if (json) {
    console.log(JSON.stringify({ ok: true, ...outcome.toJson() }, undefined, 2));
    return;
  }
  const { isDryRun, diff } = outcome.result;
  const report = (await outcome.print(true)).trimEnd();
  // Of a dry run, a pipe receives the diff alone.
  if (diff !== "" && isDryRun) console.log(diff.trimEnd());
  if (report === "") console.error("nothing to do: your files have all that the contract needs");
  else if (isDryRun) console.error(report);
  else console.log(report);
}
