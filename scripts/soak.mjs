// Long proofs, run by hand. Each ends with 1 if what it looks for did not hold.
import { parseArgs } from "node:util";
import { startPostgresServer } from "./postgres-server.mjs";
import { callFaults, runCalls } from "./soak/calls.mjs";
import { describe, judgeMemory, watchMemory } from "./soak/memory.mjs";
import { runStress } from "./soak/stress.mjs";

const usage = `npm run soak -- <proof> [options]

  stress   kills, freezes and wakes up writers, kills readers and the server, and counts what was lost, duplicated or reordered
           --seconds 600   how long
           --crashes <n>   how often the server dies; default: once a minute
  calls    stops apps while many call a few streams on one connection, and counts promises that never settle
           --seconds 600   how long
           --callers 24    how many call at a time
           --streams 3     how many streams they call
  memory   records, reads, projects and rebuilds, and watches the heap
           --events 1000000
`;

const proofs = { stress, calls, memory };
const options = {
  seconds: { type: "string", default: "600" },
  crashes: { type: "string" },
  callers: { type: "string", default: "24" },
  streams: { type: "string", default: "3" },
  events: { type: "string", default: "1000000" },
  help: { type: "boolean", default: false },
};
const { values, positionals } = parseArgs({ options, allowPositionals: true });
if (values.help) {
  console.log(usage);
  process.exit(0);
}
const proof = Object.hasOwn(proofs, positionals[0] ?? "") ? proofs[positionals[0]] : undefined;
if (proof === undefined || positionals.length !== 1) {
  console.error(`Expected one of ${Object.keys(proofs).join(", ")}.\n\n${usage}`);
  process.exit(2);
}

const server = await startPostgresServer(process.env.POTTER_POSTGRES === "debian" ? { source: "debian" } : {});
try {
  if (!(await proof(server))) process.exitCode = 1;
} finally {
  await server.stop();
}

async function stress() {
  const seconds = toCount(values.seconds);
  // One crash a minute, unless more are asked for.
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
  return callFaults.every((fault) => verdict[fault] === 0);
}

async function memory() {
  const samples = await watchMemory(server.url, {
    events: toCount(values.events),
    onSample: (sample) => console.log(describe(sample)),
  });
  const growths = judgeMemory(samples);
  for (const { phase, growth } of growths) console.log(`${phase}: ${growth.toFixed(1)} MB more at the end`);
  return growths.every(({ flat }) => flat);
}

function toCount(text) {
  const count = Number(text);
  if (Number.isSafeInteger(count) && count > 0) return count;
  throw new Error(`expected a count from 1 on, got ${text}`);
}
