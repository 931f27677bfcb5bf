// Runs one benchmark or all of them: node bench/run.mjs [all | NAME...] [options]; --help lists them
import { installPackage } from "../scripts/install-package.mjs";
import { printUsage, readArguments, selectByWork } from "./harness/arguments.mjs";

const names = [
  "command",
  "dispatch",
  "http",
  "graphql",
  "graphql-fanout",
  "grpc",
  "ws",
  "client",
  "generate",
  "loop",
  "event-store",
  "hot-stream",
  "saga",
  "cold-start",
  "type-check",
];

const values = readArguments(process.argv.slice(2), names);
if (values.problem !== undefined) refuse(values.problem);
if (values.help) {
  console.log(printUsage(names));
  process.exit(0);
}

// Peers are heavy, so they are no part of the workspaces. Two of nest's dependencies ask for Node 22 but run on 20.
if (!values.report) installPackage("bench");

const { compareWithRecorded, reportLosses } = await import("./harness/compare.mjs");
const { readResults } = await import("./harness/results.mjs");
const { writeResultsPage } = await import("./harness/results-page.mjs");

if (values.report) writeResultsPage(names);
else process.exitCode = await measure();

/** Returns the exit code. */
async function measure() {
  const { openSession } = await import("./harness/session.mjs");
  const { closePostgres } = await import("./harness/postgres.mjs");
  const form = values.smoke ? "smoke" : values.quick ? "quick" : "full";
  const only = values.only?.split(",");
  const isPart = only !== undefined || values.latency !== undefined;
  const losses = [];
  const benchmarks = new Map();
  for (const name of values.chosen) benchmarks.set(name, withLatency(await import(`./${name}/bench.mjs`)));
  const { selected, problem } = selectByWork(benchmarks, only);
  if (problem !== undefined) refuse(problem);
  const limit = values.minutes === undefined ? Number.POSITIVE_INFINITY : Number(values.minutes);
  const timeShare = shareTime([...selected.values()].map(({ forms }) => forms[form].minutes ?? 0));
  try {
    for (const [name, benchmark] of selected) {
      // Before it is overwritten.
      const recorded = readResults(name);
      const session = openSession({ name, benchmark, form, only, isPart, timeShare, limit });
      await benchmark.run(session);
      const rows = session.finish();
      if (values.compare) losses.push(...compareWithRecorded({ name, rows, recorded }));
      if (form === "full" && !isPart) writeResultsPage(names);
    }
  } finally {
    await closePostgres();
  }
  return reportLosses(losses);
}

/** All quick forms together end in twenty minutes, of which one is left for what is not bounded. */
function shareTime(minutes) {
  const sum = minutes.reduce((total, one) => total + one, 0);
  return values.quick ? Math.min(1, 19 / sum) : 1;
}

function withLatency(benchmark) {
  return values.latency === undefined ? benchmark : benchmark.withLatency(Number(values.latency));
}

function refuse(problem) {
  console.error(problem);
  process.exit(2);
}
