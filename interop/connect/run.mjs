// Runs the conformance suites of Connect, gRPC and gRPC-Web: npm run conformance -- connect [server] [options]
//
//   --bounded        the part that CI runs, in one process of the runner
//   --suite "Basic"  one suite; may be repeated
//   --trace          shows the HTTP traffic of failed cases
//
// Each suite runs by itself, with a time limit. A failed case, or one that no suite of `suites.mjs` contains, is a failure.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { load } from "js-yaml";
import { findGoProgram, reportMissing } from "../../scripts/go-programs.mjs";
import { compileProgram } from "../compile-program.mjs";
import { suites } from "./suites.mjs";

const folder = fileURLToPath(new URL(".", import.meta.url));

/** What ends a suite that hangs, in milliseconds. It says nothing about speed. */
const timeLimit = 900_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    bounded: { type: "boolean" },
    suite: { type: "string", multiple: true },
    trace: { type: "boolean" },
  },
});
const modes = positionals.length > 0 ? positionals : Object.keys(suites);
const unknown = modes.find((mode) => !Object.hasOwn(suites, mode));
if (unknown !== undefined) {
  process.stderr.write(`there is no mode ${unknown}: expected ${Object.keys(suites).join(" or ")}\n`);
  process.exit(2);
}

const runner = find();
if (runner !== undefined) {
  compileProgram(folder);
  for (const mode of modes) if (!(await runMode(mode))) process.exitCode = 1;
}

function find() {
  try {
    return findGoProgram("connectconformance");
  } catch (error) {
    reportMissing("connectconformance", error);
    return undefined;
  }
}

/** Runs the suites of a mode and prints a line for each. Returns whether all is well. */
async function runMode(mode) {
  const configuration = join(folder, values.bounded ? `${mode}-bounded.yaml` : `${mode}.yaml`);
  const excluded = load(readFileSync(configuration, "utf8")).exclude_cases?.length ?? 0;
  const sum = { passed: 0, failed: 0 };
  let available = 0;
  const selected = values.suite ?? (values.bounded ? [undefined] : suites[mode]);
  for (const suite of selected) {
    const began = performance.now();
    const { output, ended } = await runSuite(mode, configuration, suite);
    const [, passed, failed] = /(\d+) passed, (\d+) failed/.exec(output) ?? [];
    if (!ended || passed === undefined || failed !== "0") process.stdout.write(`${output}\n`);
    if (passed === undefined) throw new Error(`${suite ?? mode} ${ended ? "ended without a result" : "did not end"}`);
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    process.stdout.write(`${mode}: ${suite ?? "all suites"}: ${passed} passed, ${failed} failed (${seconds} s)\n`);
    sum.passed += Number(passed);
    sum.failed += Number(failed);
    available = Number(/Computed (\d+) test case/.exec(output)?.[1]);
  }
  const missing = values.suite === undefined ? available - sum.passed - sum.failed : 0;
  process.stdout.write(`${mode}: ${sum.passed} passed, ${sum.failed} failed, ${excluded} excluded\n`);
  if (missing !== 0) process.stdout.write(`${mode}: ${missing} cases are in no suite of suites.mjs\n`);
  return sum.failed === 0 && sum.passed > 0 && missing === 0;
}

/** Runs one suite, or all of them together. */
async function runSuite(mode, configuration, suite) {
  const only = suite === undefined ? [] : ["--run", `${suite}/**`];
  const options = ["--mode", mode, "--conf", configuration, "--max-servers", "2", "-p", "8", "-v", ...only];
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
  return { output, ended: signal === null };
}
