// A process that runs sagas until it is killed, most often by itself. It starts, approves and cancels what its parent asks for.
import { postgres } from "../../../runtime/dist/adapters/postgres/index.js";
import { createApp, PotterError } from "../../../runtime/dist/index.js";
import { Injection, injectIntoCalls, injectIntoStore } from "./injection.mjs";
import { approve, createParts } from "./parts.mjs";
import { RemoteBank } from "./remote-bank.mjs";
import { bankOf } from "./tables.mjs";

const { url, schema, hits, process: name, rounds, gap, lease, skew, bank } = JSON.parse(process.argv[2]);
/** Codes of errors that follow from the faults. */
const passing = new Set(["unavailable", "resource_exhausted", "deadline_exceeded"]);
// The engine must use the database's clock.
const realNow = Date.now;
Date.now = () => realNow() + skew;

const injection = new Injection({ hits, process: name, rounds, gap });
const remote = new RemoteBank(url, bankOf(schema), bank);
const execute = injectIntoCalls((...given) => remote.execute(...given), injection, {
  lease,
  unavailable: () => new PotterError("unavailable", "the connection was lost"),
});
const store = injectIntoStore(
  postgres({ url, schema, applicationName: name, connections: 4, migrate: false }),
  injection,
);
const tell = (message) => process.connected && process.send(message);
const app = createApp({
  store,
  parts: createParts(execute),
  sagas: {
    lease,
    pollInterval: 200,
    concurrency: 32,
    call: (method, request, { commandId }) => execute(method, request, commandId),
  },
  projections: { leaseDuration: lease },
  logger: {
    debug() {},
    info() {},
    warn() {},
    error: (text, { error } = {}) => {
      if (!passing.has(error?.code)) tell({ kind: "error", text: `${text}: ${error?.stack ?? error}` });
    },
  },
});

const demands = {
  start: (data) => app.saga("sim.Transfer").start(data),
  approve: ({ id }) => app.send(approve, { id }, { commandId: `approve-${id}` }),
  cancel: ({ id }) => app.saga("sim.Transfer").cancel(id),
};

process.on("message", async ({ kind, data }) => {
  const answer = await demands[kind](data).then(
    () => ({ isDone: true }),
    (error) => ({ isDone: false, code: error?.code ?? String(error) }),
  );
  tell({ kind: "answer", demand: `${kind} ${data.id}`, ...answer });
});
process.on("disconnect", () => process.exit());
const report = () => tell({ kind: "counters", counters: app.sagas });
const reporting = setInterval(report, 100);
process.on("SIGTERM", async () => {
  clearInterval(reporting);
  await app.stop();
  await remote.stop();
  report();
  process.disconnect();
});

for (;;) {
  try {
    await app.start();
    break;
  } catch (error) {
    // The server may be down.
    if (error?.code !== "unavailable") throw error;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
tell({ kind: "ready" });
