import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { create, fromBinary } from "@bufbuild/protobuf";
import { type CodeGeneratorRequest, CodeGeneratorRequestSchema, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import yargs from "yargs";
import { readSource } from "../descriptors/index.js";
import { Diagnostics, formatPretty } from "../diagnostics/index.js";
import { buildModel } from "../model/index.js";
import { findText } from "../plugin/index.js";
import { lockNames } from "../targets/graphql/index.js";
import { OptionError } from "../targets/index.js";
import { CliError } from "./cli-error.js";
import { printEntry, wrapText } from "./help.js";

const help = {
  purpose:
    "Records the names that clients of the GraphQL schema use, in a file that you commit. Fails, and writes nothing, if a recorded " +
    "name would be lost. The input is what `buf build` accepts; default: the workspace in the current folder.",
  options: [
    { name: "--accept", summary: "also remove the names that are lost" },
    { name: "--file <path>", summary: "the file of names; default: potter.lock" },
    { name: "-h, --help", summary: "print this help" },
  ],
};

/**
 * Runs `potter lock`: compares the recorded names with those of the contract, and adds new ones. Resolves to the exit code: 1, with
 * nothing written, if a name would be lost and `--accept` is not set.
 */
export async function lock(argv: readonly string[], folder: string): Promise<number> {
  const args = await yargs([...argv])
    .scriptName("potter lock")
    // Before the option: it would remove an option of this name.
    .help(false)
    .version(false)
    .option("accept", { type: "boolean", default: false })
    .option("file", { type: "string", default: "potter.lock" })
    .option("help", { alias: "h", type: "boolean", default: false })
    .strictOptions()
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new CliError(message, 2);
    })
    .parseAsync();
  if (args.help) {
    console.log(describeLock(process.stdout.columns ?? 80));
    return 0;
  }
  const path = join(folder, args.file);
  const before = existsSync(path) ? readFileSync(path, "utf8") : "";
  const source = readSource(buildRequest(args._.map(String), folder));
  const diagnostics = new Diagnostics();
  const model = buildModel(source.registry, source.files, new Diagnostics());
  const after = write(() => lockNames(model, before, args.accept, diagnostics), args.file);
  const lost = diagnostics.sorted.filter(({ severity }) => severity === "error");
  if (lost.length > 0) {
    console.error(formatPretty(lost, findText));
    return 1;
  }
  if (after === before) console.log(`${args.file} is up to date`);
  else {
    writeFileSync(path, after);
    const count = (text: string) => text.split("\n").filter((line) => line.startsWith("graphql ")).length;
    console.log(`${args.file}: ${count(after)} names, previously ${count(before)}`);
  }
  return 0;
}

function describeLock(columns: number): string {
  const width = Math.max(...help.options.map(({ name }) => name.length));
  return [
    "potter lock [input] [options]",
    "",
    ...wrapText(help.purpose, columns),
    "",
    "Options:",
    ...help.options.flatMap((option) => printEntry(option, width, columns)),
  ].join("\n");
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
function buildRequest(inputs: readonly string[], folder: string): CodeGeneratorRequest {
  const descriptors = buf(["build", ...inputs, "--as-file-descriptor-set", "-o", "-"], folder);
  const files = buf(["ls-files", ...inputs, "--format", "import"], folder).toString("utf8");
  const { file: protoFile } = fromBinary(FileDescriptorSetSchema, descriptors);
  const known = new Set(protoFile.map(({ name }) => name));
  const fileToGenerate = files.split(/\r?\n/).filter((name) => known.has(name));
  return create(CodeGeneratorRequestSchema, { fileToGenerate, protoFile });
}

function buf(args: readonly string[], folder: string): Buffer {
  const path = `${join(folder, "node_modules/.bin")}${delimiter}${process.env["PATH"] ?? ""}`;
  const { status, stdout, stderr, error } = spawnSync("buf", args, {
    cwd: folder,
    env: { ...process.env, PATH: path },
    maxBuffer: 1 << 28,
    shell: process.platform === "win32",
  });
  if (error !== undefined)
    throw new CliError(
      `cannot start buf to compile the contract: ${error.message}; npm install --save-dev @bufbuild/buf`,
    );
  if (status !== 0) throw new CliError(`buf cannot compile the contract:\n${stderr.toString("utf8")}`);
  return stdout;
}
