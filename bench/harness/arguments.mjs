import { parseArgs } from "node:util";

const options = {
  quick: { type: "boolean" },
  smoke: { type: "boolean" },
  only: { type: "string" },
  latency: { type: "string" },
  minutes: { type: "string" },
  compare: { type: "boolean" },
  report: { type: "boolean" },
  help: { type: "boolean", short: "h" },
};

/** What `--help` prints. */
export function printUsage(names) {
  return `npm run bench -- [all | NAME...] [options]

Benchmarks: ${names.join(", ")}; without a name all of them.

  --quick       a bounded form of the decisive works; results go to bench/results/quick/
  --smoke       checks that everything works; measures and stores nothing
  --minutes N   at most so long for each benchmark, with fewer rounds, but at least three in the full form
  --compare     compares with the recorded ratios; exits with 1 if one of Potter is worse by more than 15 %
  --only KEYS   only these works, by key, separated by commas; stores nothing
  --latency MS  of command: a network to PostgreSQL that takes so many milliseconds longer; stores nothing
  --report      writes bench/RESULTS.md from the recorded results; measures nothing
  -h, --help    prints this

bench/README.md says more.`;
}

/**
 * Reads the arguments of `npm run bench`. Returns `{ problem }`, a line that says what is wrong with them, or their
 * values with the names of the chosen benchmarks.
 */
export function readArguments(args, names) {
  let parsed;
  try {
    parsed = parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    // Its first sentence names the option; the others explain how to pass a name that begins with a dash.
    return { problem: `${error.message.split(/\. |\n/)[0].replace(/\.$/, "")}. See npm run bench -- --help` };
  }
  const { values, positionals } = parsed;
  const unknown = positionals.filter((name) => name !== "all" && !names.includes(name));
  if (unknown.length > 0) {
    return { problem: `There is no benchmark ${unknown.join(", ")}. There are: all, ${names.join(", ")}` };
  }
  const chosen = positionals.length > 0 && !positionals.includes("all") ? [...new Set(positionals)] : names;
  const problem = findConflict(values, chosen);
  return problem === undefined ? { ...values, chosen } : { problem };
}

function findConflict({ quick, smoke, compare, latency, minutes, only, report }, chosen) {
  if (report && (quick || smoke || compare || [latency, minutes, only].some((value) => value !== undefined))) {
    return "--report measures nothing: it takes no other option";
  }
  if (quick && smoke) return "--quick and --smoke are two forms: choose one";
  if (smoke && compare) return "--smoke measures nothing that --compare could compare";
  if (minutes !== undefined && smoke) return "--smoke measures nothing that takes --minutes";
  if (minutes !== undefined && !(Number(minutes) > 0)) return `--minutes takes a number, such as 10, not "${minutes}"`;
  if (latency === undefined) return undefined;
  if (!(Number(latency) > 0)) return `--latency takes milliseconds, such as 1, not "${latency}"`;
  return chosen.join() === "command"
    ? undefined
    : "--latency is an option of command: npm run bench -- command --latency 1";
}

/**
 * Returns the benchmarks that have a work of `--only`, or `{ problem }` if a key belongs to none. `benchmarks`: name →
 * module.
 */
export function selectByWork(benchmarks, only) {
  if (only === undefined) return { selected: benchmarks };
  const keysOf = (benchmark) => benchmark.works.map(({ key }) => key);
  const all = [...benchmarks.values()].flatMap(keysOf);
  const unknown = only.filter((key) => !all.includes(key));
  if (unknown.length > 0) {
    return { problem: `There is no work ${unknown.join(", ")}. There are: ${[...new Set(all)].join(", ")}` };
  }
  const selected = [...benchmarks].filter(([, benchmark]) => keysOf(benchmark).some((key) => only.includes(key)));
  return { selected: new Map(selected) };
}
