import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { create, fromBinary } from "@bufbuild/protobuf";
import { type CodeGeneratorRequest, CodeGeneratorRequestSchema, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { analyse, Diagnostics, findText, formatPretty, lockNames, OptionError } from "@potter/generator/tooling";
import { defineHelp, parseArguments } from "../arguments/index.js";
import { runBuf } from "../buf/index.js";
import { CliError } from "../cli-error.js";
import { writeWhole } from "../files/index.js";
import { withProgress } from "../progress.js";

/** The help of `potter lock`. */
export const help = defineHelp({
  usage: "potter lock [input] [options]",
  purpose:
    "Records the names that clients of the GraphQL schema use, in a file that you commit. Fails, and writes nothing, if a recorded " +
    "name would be lost. The input is what `buf build` accepts; default: the workspace in the current folder.",
  words: { completes: "folder" },
  options: {
    accept: { kind: "flag", summary: "also remove the names that are lost" },
    file: { kind: "text", value: "<path>", summary: "the file of names", default: "potter.lock", completes: "file" },
  },
  examples: [
    { name: "potter lock", summary: "record the names of the contract in the current folder" },
    { name: "potter lock --accept", summary: "also remove names that clients no longer use" },
  ],
});

/**
 * Runs `potter lock`: compares the recorded names with those of the contract, and adds new ones. Resolves to the exit code: 1, with
 * nothing written, if a name would be lost and `--accept` is not set.
 */
export async function run(argv: readonly string[], folder: string): Promise<number> {
  const { values: args, words: inputs } = await parseArguments(argv, help);
  const path = resolve(folder, args.file);
  const before = existsSync(path) ? readFileSync(path, "utf8") : "";
  const { model } = await withProgress(async ({ step }) => {
    step("compiling the contract");
    return analyse(await buildRequest(inputs, folder));
  });
  const diagnostics = new Diagnostics();
  const after = write(() => lockNames(model, before, args.accept, diagnostics), args.file);
  const lost = diagnostics.sorted.filter(({ severity }) => severity === "error");
  if (lost.length > 0) {
    console.error(formatPretty(lost, (file) => findText(file, folder)));
    return 1;
  }
  if (after === before) console.log(`${args.file} is up to date`);
  else {
    await writeWhole(path, after);
    const count = (text: string) => text.split("\n").filter((line) => line.startsWith("graphql ")).length;
    console.log(`${args.file}: ${count(after)} names, previously ${count(before)}`);
  }
  return 0;
}

function write(make: () => string, file: string): string {
  try {
    return make();
  } catch (error) {
    if (error instanceof OptionError) throw new CliError(`${file}: ${error.message}`);
    throw error;
  }
}

/** Compiles the contract with the buf of the project. */
async function buildRequest(inputs: readonly string[], folder: string): Promise<CodeGeneratorRequest> {
  const [descriptors, list] = await Promise.all([
    buf(["build", ...inputs, "--as-file-descriptor-set", "-o", "-"], folder),
    buf(["ls-files", ...inputs, "--format", "import"], folder),
  ]);
  const { file: protoFile } = fromBinary(FileDescriptorSetSchema, descriptors);
  const known = new Set(protoFile.map(({ name }) => name));
  const fileToGenerate = list
    .toString("utf8")
    .split(/\r?\n/)
    .filter((name) => known.has(name));
  return create(CodeGeneratorRequestSchema, { fileToGenerate, protoFile });
}

async function buf(args: readonly string[], folder: string): Promise<Buffer> {
  const { status, stdout, stderr } = await runBuf(args, folder);
  if (status !== 0) throw new CliError(`buf cannot compile the contract:\n${stderr}`);
  return stdout;
}
