// Runs the conformance suites of Connect, gRPC and gRPC-Web: npm run conformance -- connect [server|client] [options]
//
//   --suite "Basic"  one suite; may be repeated. Default: all
//   --trace          shows the HTTP traffic of failed cases
//
// The features in the configurations decide which cases apply. A case that fails is a failure; none is listed as known to fail.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { load } from "js-yaml";
import { findGoProgram, reportMissing } from "../../scripts/go-programs.mjs";
import { compileProgram } from "../compile-program.mjs";

const folder = fileURLToPath(new URL(".", import.meta.url));

/** What is tested, and as what. */
const subjects = [
  { title: "server", mode: "server", configuration: "server.yaml" },
  { title: "client over Connect", mode: "client", configuration: "client-connect.yaml" },
  { title: "client over gRPC", mode: "client", configuration: "client-grpc.yaml" },
];

/** What ends a run that hangs, in milliseconds. It says nothing about speed. */
const timeLimit = 900_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { suite: { type: "string", multiple: true, default: [] }, trace: { type: "boolean", default: false } },
});
const modes = ["server", "client"];
const unknown = positionals.find((mode) => !modes.includes(mode));
if (unknown !== undefined) {
  process.stderr.write(`there is no mode ${unknown}: expected ${modes.join(" or ")}\n`);
  process.exit(2);
}

const runner = findRunner();
if (runner !== undefined) {
  compileProgram(folder);
  const selected = subjects.filter(({ mode }) => positionals.length === 0 || positionals.includes(mode));
  for (const subject of selected) if (!(await runCases(subject))) process.exitCode = 1;
}

/** The path of the runner; undefined: not available. */
function findRunner() {
  try {
    return findGoProgram("connectconformance");
  } catch (error) {
    reportMissing("connectconformance", error);
    return undefined;
  }
}

/** Runs the cases of a subject and prints how many passed. Returns whether all did. */
async function runCases({ title, mode, configuration }) {
  const file = join(folder, configuration);
  const excluded = load(readFileSync(file, "utf8")).exclude_cases?.length ?? 0;
  const began = performance.now();
  const { output, hasEnded } = await run(mode, file);
  const [, passed, failed] = /(\d+) passed, (\d+) failed/.exec(output) ?? [];
  const succeeded = hasEnded && failed === "0" && Number(passed) > 0;
  if (!succeeded) process.stdout.write(`${output}\n`);
  if (passed === undefined) throw new Error(`${title}: the runner ${hasEnded ? "printed no result" : "did not end"}`);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  process.stdout.write(`${title}: ${passed} passed, ${failed} failed, ${excluded} excluded (${seconds} s)\n`);
  return succeeded;
}

async function run(mode, configuration) {
  const suites = values.suite.flatMap((suite) => ["--run", `${suite}/**`]);
  const options = ["--mode", mode, "--conf", configuration, "--max-servers", "2", "-v", ...suites];
  const program = [process.execPath, join(folder, `dist/${mode}/main.js`)];
  const words = [...options, ...(values.trace ? ["--trace"] : []), "--", ...program];
  const child = spawn(runner, words, { stdio: ["ignore", "pipe", "pipe"], timeout: timeLimit });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
  }
  const [, signal] = await once(child, "close");
  return { output, hasEnded: signal === null };
}
