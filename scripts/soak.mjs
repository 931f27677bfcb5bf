// Long proofs, run by hand. Both end with 1 if what they look for did not hold.
//
//   npm run soak -- stress --seconds 600      kills writers, readers and the server, and counts what was lost
//   npm run soak -- memory --events 1000000   records, reads, projects and rebuilds, and watches the heap
import { parseArgs } from "node:util";
import { startPostgresServer } from "./postgres-server.mjs";
import { describe, judgeMemory, watchMemory } from "./soak/memory.mjs";
import { runStress } from "./soak/stress.mjs";

const proofs = { stress, memory };
const options = {
  seconds: { type: "string", default: "600" },
  crashes: { type: "string" },
  events: { type: "string", default: "1000000" },
};
const { values, positionals } = parseArgs({ options, allowPositionals: true });
const proof = Object.hasOwn(proofs, positionals[0] ?? "") ? proofs[positionals[0]] : undefined;
if (proof === undefined || positionals.length !== 1) {
  console.error(`Expected one of ${Object.keys(proofs).join(", ")}.`);
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
