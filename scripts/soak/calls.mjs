// Many callers of a few streams and every other kind of statement share one connection while apps stop under that load.
import { setTimeout as sleep } from "node:timers/promises";
import { StockItem, StockService, StockView } from "../../examples/shop/dist/gen/shop/stock/v1/stock_cqrs.js";
import { stockItem, stockQueries, stockViews } from "../../examples/shop/dist/src/stock.js";
import { postgres } from "../../runtime/dist/adapters/postgres/index.js";
import { createApp, subscribe } from "../../runtime/dist/index.js";

const { replenish, getStock } = StockService.methods;

/** The counts that must be 0. */
export const callViolations = ["pending", "lost", "duplicated", "reordered", "wrongRows", "failed"];

/**
 * Starts one app after another, calls it, and stops it during the calls, with enough time or too little. A command with an
 * unknown outcome is sent again under its id, so each command must take effect exactly once.
 */
export async function runCalls(server, { seconds = 60, callers = 24, streams = 3 } = {}) {
  const schema = `calls_${Date.now().toString(36)}`;
  const skus = Array.from({ length: streams }, (_, i) => `hot-${i}`);
  const counts = { commands: 0, sentAgain: 0, statements: 0, stops: 0, underWay: 0, pending: 0, failed: 0 };
  const calls = new Calls(counts);
  const owed = [];
  const sent = new Map();
  const open = (stopTimeout) => {
    const store = postgres({ url: server.url, schema, connections: 1, connectTimeout: 120_000 });
    const quiet = { debug() {}, info() {}, warn() {}, error() {} };
    return createApp({ store, parts: [stockItem, stockViews, stockQueries], stopTimeout, logger: quiet });
  };
  const send = async (app, { id, sku }) => {
    const wait = Math.random() < 0.1 && { waitFor: [StockView] };
    const outcome = await calls.settle(app.send(replenish, { sku, quantity: 1 }, { commandId: id, ...wait }));
    if (outcome !== "done") owed.push({ id, sku });
  };
  const next = () => {
    const again = owed.pop();
    counts[again === undefined ? "commands" : "sentAgain"]++;
    if (again !== undefined) return again;
    const command = { id: crypto.randomUUID(), sku: skus[Math.floor(Math.random() * streams)] };
    sent.set(command.id, command.sku);
    return command;
  };

  for (const end = Date.now() + seconds * 1_000; Date.now() < end; counts.stops++) {
    const app = open(Math.random() < 0.3 ? 20 : 120_000);
    await app.start();
    let running = true;
    const whileRunning = async (work) => {
      while (running) await work();
    };
    const working = [
      ...Array.from({ length: callers }, () => whileRunning(() => send(app, next()))),
      ...statementsOf(app, skus).map((statement) =>
        whileRunning(async () => {
          counts.statements++;
          await calls.settle(statement());
        }),
      ),
    ];
    await sleep(500 + Math.random() * 1_500);
    counts.underWay += calls.open.size;
    const stopped = app.stop();
    running = false;
    await stopped;
    // Lets settled promises run their continuations.
    await sleep(100);
    counts.pending += calls.open.size;
    calls.open.clear();
    if (counts.pending > 0) break;
    await Promise.all(working);
  }

  const app = open(120_000);
  try {
    while (owed.length > 0 && counts.failed === 0) await send(app, next());
    await app.waitForProjections();
    return { ...counts, ...(await findViolations(app, sent)), error: calls.error };
  } finally {
    await app.stop();
  }
}

/** Every other operation of an app and its store. */
function statementsOf(app, skus) {
  const [sku] = skus;
  const { events, health, size } = app.store;
  const stream = { tenant: "", type: StockItem.definition.type, id: sku };
  return [
    () => app.query(getStock, { sku }).catch(ignore("not_found")),
    () => app.history(StockItem, sku),
    () => app.waitForProjections(),
    async () => {
      const head = await events.head();
      if (head === 0) return;
      for await (const { position } of subscribe(events)) if (position >= head) break;
    },
    () => events.readStream(stream, { after: 0, limit: 100 }),
    () => events.listStreams({ limit: 10 }),
    () => Promise.all([health?.(), size?.()]),
    () => (Math.random() < 0.1 ? app.projection(StockView).rebuild() : sleep(20)),
  ];
}

function ignore(code) {
  return (error) => {
    if (error?.code !== code) throw error;
  };
}

/** Pending calls and their outcomes. */
class Calls {
  open = new Set();
  error = "";

  constructor(counts) {
    this.counts = counts;
  }

  /** `unknown`: the app has stopped. */
  async settle(promise) {
    this.open.add(promise);
    try {
      await promise;
      return "done";
    } catch (error) {
      this.open.delete(promise);
      if (error?.code === "unavailable") {
        // A caller that is refused at once would otherwise starve all others.
        await sleep(1);
        return "unknown";
      }
      this.counts.failed++;
      this.error ||= `${error?.code}: ${error?.message}`;
      return "failed";
    } finally {
      this.open.delete(promise);
    }
  }
}

/** Compares the recorded events and the rows with the sent commands. */
async function findViolations(app, sent) {
  const seen = new Map();
  const versions = new Map();
  let reordered = 0;
  let last = 0;
  const head = await app.store.events.head();
  const after = (position) => app.store.events.readAll(position, 500);
  for (
    let slice = await after(0);
    slice.position > last || slice.events.length > 0;
    slice = await after(slice.position)
  ) {
    for (const { causationId, stream, version, position: at } of slice.events) {
      seen.set(causationId, (seen.get(causationId) ?? 0) + 1);
      if (at <= last || version !== (versions.get(stream.id) ?? 0) + 1) reordered++;
      last = at;
      versions.set(stream.id, version);
    }
    if (slice.position >= head) break;
  }
  const lost = [...sent.keys()].filter((id) => !seen.has(id)).length;
  const duplicated = [...seen].filter(([id, times]) => times > 1 || !sent.has(id)).length;
  let wrongRows = 0;
  for (const sku of new Set(sent.values())) {
    const { available } = await app.query(getStock, { sku });
    if (available !== [...sent.values()].filter((one) => one === sku).length) wrongRows++;
  }
  return { lost, duplicated, reordered, wrongRows };
}
