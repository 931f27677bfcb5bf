// Runs one benchmark or all of them: node bench/run.mjs [all | NAME...] [--quick | --smoke] [--compare] [--report]
import { parseArgs } from "node:util";
import { installPackage } from "../scripts/install-package.mjs";

const names = [
  "command",
  "dispatch",
  "http",
  "graphql",
  "graphql-fanout",
  "generate",
  "event-store",
  "hot-stream",
  "cold-start",
];

const { values, positionals } = parseArgs({
  options: {
    /** A bounded form of the decisive works. */
    quick: { type: "boolean" },
    /** Checks that everything works; measures nothing. */
    smoke: { type: "boolean" },
    /** Some works, by key, for tuning; the results are not stored. */
    only: { type: "string" },
    /** Of command: milliseconds that each round trip to PostgreSQL takes longer; the results are not stored. */
    latency: { type: "string" },
    /** Compares with the recorded ratios; a loss beyond noise ends in an exit code of 1. */
    compare: { type: "boolean" },
    /** Writes RESULTS.md from the recorded results, and measures nothing. */
    report: { type: "boolean" },
  },
  allowPositionals: true,
});
const chosen = positionals.length > 0 && !positionals.includes("all") ? positionals : names;
const unknown = chosen.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(", ")}. There are: all, ${names.join(", ")}.`);
  process.exit(2);
}

// Peers are heavy, so they are no part of the workspaces. Two of nest's dependencies ask for Node 22 but run on 20.
if (!values.report) installPackage("bench");

const { compareWithRecorded } = await import("./harness/compare.mjs");
const { readResults } = await import("./harness/results.mjs");
const { writeResultsPage } = await import("./harness/results-page.mjs");

if (values.report) writeResultsPage(names);
else process.exitCode = (await measure()) ? 0 : 1;

/** Returns whether nothing was lost. */
async function measure() {
  const { openSession } = await import("./harness/session.mjs");
  const { closePostgres } = await import("./harness/postgres.mjs");
  const form = values.smoke ? "smoke" : values.quick ? "quick" : "full";
  const only = values.only?.split(",");
  const isPart = only !== undefined || values.latency !== undefined;
  const losses = [];
  try {
    for (const name of chosen) {
      const benchmark = withLatency(await import(`./${name}/bench.mjs`));
      // Before it is overwritten.
      const recorded = readResults(name);
      const session = openSession({ name, benchmark, form, only, isPart });
      await benchmark.run(session);
      const rows = session.finish();
      if (values.compare) losses.push(...compareWithRecorded({ name, rows, recorded }));
      if (form === "full" && !isPart) writeResultsPage(names);
    }
  } finally {
    await closePostgres();
  }
  if (losses.length > 0)
    console.log(`Worse than recorded, beyond noise:\n${losses.map((row) => `- ${row}`).join("\n")}`);
  return losses.length === 0;
}

function withLatency(benchmark) {
  if (values.latency === undefined) return benchmark;
  if (benchmark.withLatency === undefined)
    throw new Error("--latency is an option of command: npm run bench -- command --latency 1");
  return benchmark.withLatency(Number(values.latency));
}
