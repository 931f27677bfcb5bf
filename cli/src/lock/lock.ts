import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { create, fromBinary } from "@bufbuild/protobuf";
import { type CodeGeneratorRequest, CodeGeneratorRequestSchema, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { type Diagnostic, Diagnostics, formatPretty, lockNames, OptionError } from "@potter/generator/tooling";
import { defineHelp, parseArguments } from "../arguments/index.js";
import { runBuf } from "../buf/index.js";
import { buildLockedImage, toRequest } from "../check/compile/index.js";
import { type Contract, readContract } from "../check/contract/index.js";
import { formats, locateFinding, type ReportedFinding } from "../check/reports/index.js";
import { compare, surfacesOf } from "../check/rules/index.js";
import { CliError } from "../cli-error.js";
import { explainBuf } from "../contract/index.js";
import { createPlaces, locate } from "../errors/index.js";
import { writeWhole } from "../files/index.js";
import {
  findLockLine,
  isIncomplete,
  type LockEntries,
  parseLockFile,
  printLockFile,
  recordContract,
  summarizeLock,
} from "../lock-file/index.js";
import { withProgress } from "../progress.js";

/** The help of `potter lock`. */
export const help = defineHelp({
  usage: "potter lock [input] [options]",
  purpose:
    "Records the contract in a file that you commit: the names that clients of the GraphQL schema use, events, routes, sagas, and what " +
    "potter check --against lock compares. Fails, and writes nothing, if a recorded name would be lost or if the contract has a " +
    "breaking change. The input is what `buf build` accepts; default: the workspace in the current folder.",
  words: { completes: "folder" },
  options: {
    accept: { kind: "flag", summary: "also remove the names that are lost, and record breaking changes" },
    file: { kind: "text", value: "<path>", summary: "the file to write", default: "potter.lock", completes: "file" },
  },
  examples: [
    { name: "potter lock", summary: "record what is new in the contract in the current folder" },
    { name: "potter lock --accept", summary: "record the contract as it is" },
  ],
});

/**
 * Runs `potter lock`: compares the recorded contract with the present one, and records what is new. Resolves to the exit code: 1, with
 * nothing written, if a name would be lost or a change is breaking, and `--accept` is not set.
 */
export async function run(argv: readonly string[], folder: string): Promise<number> {
  const { values: args, words: inputs } = await parseArguments(argv, help);
  const path = resolve(folder, args.file);
  const before = existsSync(path) ? readFileSync(path, "utf8") : "";
  const request = await withProgress(({ step }) => {
    step("compiling the contract");
    return buildRequest(inputs, folder);
  });
  const { contract, errors } = readContract(request);
  if (errors.length > 0) {
    printDiagnostics(errors, folder);
    return 1;
  }
  const entries = parseLockFile(before, args.file);
  const diagnostics = new Diagnostics();
  const names = write(() => lockNames(contract.model, before, args.accept, diagnostics), args.file);
  const lost = diagnostics.sorted.flatMap((one) =>
    one.severity === "error" ? [orInLock(one, before, args.file)] : [],
  );
  const breaking = args.accept ? [] : await findBreaking(entries, contract, request, args.file, folder);
  if (lost.length > 0) printDiagnostics(lost, folder);
  if (breaking.length > 0) {
    console.error(formats.text({ base: args.file, findings: breaking, accepted: [] }));
    console.error("potter: nothing was written; npx potter lock --accept records the contract as it is");
  }
  if (lost.length + breaking.length > 0) return 1;
  const after = printLockFile(names, recordContract(contract.model, request));
  if (after === before) console.log(`${args.file} is up to date`);
  else {
    await writeWhole(path, after);
    console.log(`${args.file} records ${summarizeLock(after)}; previously ${summarizeLock(before)}`);
  }
  return 0;
}

function printDiagnostics(diagnostics: readonly Diagnostic[], folder: string): void {
  const places = createPlaces(folder);
  console.error(formatPretty(locate(diagnostics, places), places.textOf));
}

/** A lost name at its line of the lock, if nothing is left in the contract where it was. */
function orInLock(diagnostic: Diagnostic, lock: string, file: string): Diagnostic {
  if ("line" in diagnostic.location) return diagnostic;
  const name = /"([^"]+)"/.exec(diagnostic.message)?.[1] ?? "";
  const line = findLockLine(lock, `graphql ${name}`);
  if (line === undefined) return diagnostic;
  const column = "graphql ".length + 1;
  return { ...diagnostic, location: { file, line, column, endLine: line, endColumn: column + name.length } };
}

/** The breaking changes since the contract that the lock records, by Potter's own rules. */
async function findBreaking(
  entries: LockEntries,
  head: Contract,
  request: CodeGeneratorRequest,
  file: string,
  folder: string,
): Promise<readonly ReportedFinding[]> {
  if (isIncomplete(entries)) return [];
  const image = await buildLockedImage(entries, request.protoFile, file, folder);
  const { contract: base } = readContract(toRequest(image, file));
  const template = resolve(folder, "buf.gen.yaml");
  const compared = surfacesOf(existsSync(template) ? readFileSync(template, "utf8") : undefined);
  const found = compare(base, head, compared).filter(({ severity }) => severity === "breaking");
  const { pathOf, textOf } = createPlaces(folder);
  const find = (name: string) => {
    const path = pathOf(name);
    const text = textOf(path);
    return text === undefined ? undefined : { path, text };
  };
  return found.map((finding) => locateFinding(finding, { base: find, head: find }));
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
  if (status !== 0) throw new CliError(`buf cannot compile the contract:\n${explainBuf(stderr, folder)}`);
  return stdout;
}
