// One server in its own process: node server-child.mjs SERVER. Emits events on request of the parent.
import { serveParent } from "../harness/child.mjs";
import { cpu, memory } from "../harness/process-usage.mjs";

const { start } = await import(process.argv[2]);
const { port, publish } = await start();

serveParent({
  port: () => port,
  cpu,
  memory,
  publish: publishAll,
});

/**
 * Emits events evenly, each on the next account. An event contains its due time by the clock that all processes share, so that a
 * late server cannot hide its delay. Returns their number.
 */
async function publishAll({ accounts, perSecond, count, first }) {
  const begin = process.hrtime.bigint();
  const every = BigInt(Math.round(1e9 / perSecond));
  const under = [];
  for (let at = 0; at < count; at++) {
    const due = begin + every * BigInt(at);
    while (process.hrtime.bigint() < due) {
      await new Promise((resolve) => setTimeout(resolve, Number(due - process.hrtime.bigint()) / 1e6));
    }
    under.push(publish({ accountId: accounts[at % accounts.length], amount: first + at, reference: String(due) }));
  }
  await Promise.all(under);
  return count;
}
