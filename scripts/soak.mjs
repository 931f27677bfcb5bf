// Long-running tests, run by hand. Each exits with 1 when it finds a violation.
import { parseArgs } from "node:util";
import { startPostgresServer } from "./postgres-server.mjs";
import { callViolations, runCalls } from "./soak/calls.mjs";
import { describe, measureGrowth, watchMemory } from "./soak/memory.mjs";
import { mutations, runSagas } from "./soak/sagas/index.mjs";
import { runStress } from "./soak/stress.mjs";

const usage = `npm run soak -- <test> [options]

  stress   kills, freezes and resumes writers, kills readers and the server, and counts lost, duplicated and reordered events
           --seconds 600   duration
           --crashes <n>   crashes of the server; default: one a minute
  calls    stops apps while many callers use a few streams on one connection, and counts promises that never settle
           --seconds 600   duration
           --callers 24    concurrent callers
           --streams 3     streams that they call
  sagas    kills and stops processes at named points of sagas, stops the server, and checks the invariants of transfers
           --seconds 600   duration, at least: it ends when each fault has happened at each point
           --sagas 5000    how many sagas at least
           --without <guard>   removes a guard, to see that the test notices
  memory   records, reads, projects and rebuilds events, and watches the heap
           --events 1000000
`;

const tests = { stress, calls, sagas, memory };
const options = {
  seconds: { type: "string", default: "600" },
  crashes: { type: "string" },
  callers: { type: "string", default: "24" },
  streams: { type: "string", default: "3" },
  sagas: { type: "string", default: "5000" },
  without: { type: "string" },
  events: { type: "string", default: "1000000" },
  help: { type: "boolean", default: false },
};
const { values, positionals } = parseArgs({ options, allowPositionals: true });
if (values.help) {
  console.log(usage);
  process.exit(0);
}
const test = Object.hasOwn(tests, positionals[0] ?? "") ? tests[positionals[0]] : undefined;
if (test === undefined || positionals.length !== 1) {
  console.error(`Expected one of ${Object.keys(tests).join(", ")}.\n\n${usage}`);
  process.exit(2);
}

const server = await startPostgresServer(process.env.POTTER_POSTGRES === "debian" ? { source: "debian" } : {});
try {
  if (!(await test(server))) process.exitCode = 1;
} finally {
  await server.stop();
}

async function stress() {
  const seconds = toCount(values.seconds);
  const crashes = values.crashes === undefined ? Math.ceil(seconds / 60) : toCount(values.crashes);
  const verdict = await runStress(server, { seconds, crashes });
  console.table(verdict);
  const { lost, duplicated, reordered, torn, unproved, forgotten, broken } = verdict;
  return lost + duplicated + reordered + torn + unproved + forgotten + broken === 0;
}

async function calls() {
  const [seconds, callers, streams] = [values.seconds, values.callers, values.streams].map(toCount);
  const verdict = await runCalls(server, { seconds, callers, streams });
  console.table(verdict);
  return callViolations.every((name) => verdict[name] === 0);
}

async function sagas() {
  const [seconds, count] = [values.seconds, values.sagas].map(toCount);
  const { without } = values;
  if (without !== undefined && !Object.hasOwn(mutations, without)) {
    throw new Error(`expected one of these guards, got ${without}: ${Object.keys(mutations).join(", ")}`);
  }
  let reported = 0;
  const verdict = await runSagas(server, {
    seconds,
    sagas: count,
    limit: 2 * seconds + 600,
    mutation: without,
    isComplete: without === undefined,
    onProgress: (progress) => {
      if (progress.seconds < reported) return;
      reported = progress.seconds + 15;
      console.log(
        `${Math.round(progress.seconds)} s: ${progress.ended} of ${progress.sagas} sagas have ended, ` +
          `${progress.serverStops} stops of the server, ${progress.unhit} faults have not happened yet`,
      );
    },
  });
  console.table(verdict.hits);
  console.table(verdict.violations);
  for (const text of verdict.texts.slice(0, 20)) console.error(text);
  console.table(verdict.counts);
  return verdict.isPassed;
}

async function memory() {
  const samples = await watchMemory(server.url, {
    events: toCount(values.events),
    onSample: (sample) => console.log(describe(sample)),
  });
  const growths = measureGrowth(samples);
  for (const { phase, growth } of growths) console.log(`${phase}: ${growth.toFixed(1)} MB growth`);
  return growths.every(({ flat }) => flat);
}

function toCount(text) {
  const count = Number(text);
  if (Number.isSafeInteger(count) && count > 0) return count;
  throw new Error(`expected a count from 1 on, got ${text}`);
}
