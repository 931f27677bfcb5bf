#!/usr/bin/env node
// Prints the thirty test files that take the most CPU time, and the thirty tests that take longest.
//
//   node scripts/slowest.mjs [vitest arguments]             the unit tests, with PostgreSQL
//   node scripts/slowest.mjs --interop [vitest arguments]   the interop tests
//
// Compare CPU time: wall time depends on what else the machine does. Servers that run on their own are not counted.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const interop = process.argv[2] === "--interop";
const args = process.argv.slice(interop ? 3 : 2);
const shown = 30;

const folder = mkdtempSync(join(tmpdir(), "potter-slowest-"));
const cpuLog = join(folder, "cpu.ndjson");
const results = join(folder, "results.json");
const vitest = ["--reporter=dot", "--reporter=json", `--outputFile.json=${results}`, ...args];
const command = interop
  ? ["interop/run.mjs", ...vitest]
  : ["scripts/services.mjs", "run", "postgres", "--", "node_modules/.bin/vitest", "run", ...vitest];
const env = { ...process.env, POTTER_CPU_LOG: cpuLog };
const { status } = spawnSync(process.execPath, command, { cwd: root, env, stdio: ["ignore", "inherit", "inherit"] });

const { testResults } = JSON.parse(readFileSync(results, "utf8"));
const files = readFileSync(cpuLog, "utf8")
  .trimEnd()
  .split("\n")
  .map((line) => JSON.parse(line))
  .map(({ file, own, children }) => ({ name: relative(root, file), own, children, seconds: own + children }));
const tests = testResults.flatMap(({ name, assertionResults }) =>
  assertionResults.map(({ fullName, duration = 0 }) => ({
    name: `${relative(root, name)}: ${fullName}`,
    seconds: duration / 1000,
  })),
);
rmSync(folder, { recursive: true, force: true });

const slowest = (entries) => [...entries].sort((a, b) => b.seconds - a.seconds).slice(0, shown);
const format = (seconds) => seconds.toFixed(1).padStart(7);
const sum = (entries, key) => entries.reduce((total, entry) => total + entry[key], 0);
process.stdout.write(
  `\n${files.length} files took ${sum(files, "seconds").toFixed(0)} CPU seconds, ${sum(files, "children").toFixed(0)} of them in child processes.\n`,
);
process.stdout.write("\nCPU seconds (own, children) of the most expensive files\n");
for (const { name, seconds, own, children } of slowest(files))
  process.stdout.write(`${format(seconds)} ${format(own)} ${format(children)}  ${name}\n`);
process.stdout.write("\nSeconds of the slowest tests\n");
for (const { name, seconds } of slowest(tests)) process.stdout.write(`${format(seconds)}  ${name}\n`);
process.exitCode = status ?? 1;
