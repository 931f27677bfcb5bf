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

/**
 * Carries `potter lock` out: compares the names that clients use with those of the contract, and writes down what is new.
 * Resolves to 1, with nothing written, where a name would be lost and that was not accepted.
 */
export async function lock(argv: readonly string[], folder: string): Promise<number> {
  const args = await yargs([...argv])
    .scriptName("potter lock")
    .usage(
      "$0 [input]\n\nWrites down the names of the GraphQL schema that clients use. A name that is lost since is an error.\n" +
        "The input is what `buf build` takes: a folder, a module. Default: the workspace that you stand in.",
    )
    .option("accept", { type: "boolean", default: false, describe: "let go of names that are lost" })
    .option("file", { type: "string", default: "potter.lock", describe: "the file of names" })
    .wrap(120)
    .help()
    .alias("h", "help")
    .version(false)
    .strictOptions()
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new CliError(message, 2);
    })
    .parseAsync();
  if (args["help"] === true) return 0;
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
    console.log(`${args.file}: ${count(after)} names, ${count(before)} before`);
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

/** The descriptors of a contract, as buf of the project compiles it. */
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
  if (error !== undefined) throw new CliError(`buf cannot be started, which compiles the contract: ${error.message}`);
  if (status !== 0) throw new CliError(`buf cannot compile the contract:\n${stderr.toString("utf8")}`);
  return stdout;
}
