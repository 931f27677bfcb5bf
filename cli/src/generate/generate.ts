import { defineHelp, intoOption, jsonOption, parseArguments, templateOption } from "../arguments/index.js";
import { printErrors } from "../errors/index.js";
import { generateProject, printReport } from "../generation/index.js";

/** The help of `potter generate`. */
export const help = defineHelp({
  usage: "potter generate [options]",
  purpose:
    "Generates what buf.gen.yaml names, with the same bytes as `buf generate`. Compiles the contract once and runs the plugins in this " +
    "process where it can. Writes only files that change, deletes those that it has written and that are generated no longer, and " +
    "writes nothing if the contract has errors. Then inserts stubs for what is new into your files, as potter scaffold does.",
  options: {
    template: templateOption,
    scaffold: {
      kind: "toggle",
      off: "leave your own files as they are",
      on: "also on a build server (CI), which otherwise only reports",
    },
    into: intoOption,
    json: jsonOption,
  },
  examples: [
    { name: "potter generate", summary: "generate the code of the project in the current folder" },
    { name: "potter generate --cwd services/orders", summary: "generate that of another folder" },
  ],
});

/** Runs `potter generate`. Resolves to the exit code: 1, with nothing written, if the contract has errors or a plugin fails. */
export async function run(argv: readonly string[], folder: string): Promise<number> {
  const { values: args } = await parseArguments(argv, help);
  try {
    // A build server that wrote stubs would ship them: there, what is missing is only reported.
    const dryRun = args.scaffold === undefined && isBuildServer();
    const scaffold = args.scaffold === false ? undefined : { into: args.into, dryRun };
    const report = await generateProject(folder, { template: args.template, scaffold });
    const text = (await report.scaffold?.print(false)) ?? "";
    const result = report.scaffold?.result;
    const isHeld = dryRun && result !== undefined && result.changed.length + result.created.length > 0;
    const reason = isHeld ? "your files stay as they are, since CI is set: --scaffold changes them" : "";
    printReport(report, args.json, text + reason);
    return result?.notes.some(({ kind }) => kind === "refused") ? 1 : 0;
  } catch (error) {
    return printErrors(error, folder, args.json);
  }
}

/** Whether the environment says so, as build servers agree. */
function isBuildServer(): boolean {
  return !["", "0", "false"].includes(process.env["CI"] ?? "");
}
