// Memory use while a million events are recorded, read, projected and rebuilt: it must not grow with their number.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { StockService, StockView } from "../../examples/shop/dist/gen/shop/stock/v1/stock_cqrs.js";
import { stockItem, stockQueries, stockViews } from "../../examples/shop/dist/src/stock.js";
import { postgres } from "../../runtime/dist/adapters/postgres/index.js";
import { createApp, subscribe } from "../../runtime/dist/index.js";

const samplesPerPhase = 20;
/** Megabytes by which the heap may grow in a phase after its warm-up. */
const tolerated = 8;
const articles = 10_000;
const callers = 64;

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc");

/**
 * Runs all phases with the shop's stock and samples the heap twenty times in each.
 * Returns `{ phase, done, heap, rss, rate }`: events, megabytes after a collection, megabytes, events per second.
 */
export async function watchMemory(url, { events, onSample = () => {} }) {
  const store = postgres({ url, schema: `memory_${Date.now().toString(36)}` });
  const app = createApp({ store, parts: [stockItem, stockViews, stockQueries] });
  const samples = [];
  const watch = (phase) => {
    const start = performance.now();
    let done = 0;
    let next = 0;
    return (count) => {
      done += count;
      if (done < next) return;
      next = done + Math.floor(events / samplesPerPhase);
      samples.push(takeSample(phase, done, start));
      onSample(samples.at(-1));
    };
  };
  await app.start();
  try {
    await record(app, events, watch("record and project"));
    await app.waitForProjections();
    await read(store, events, watch("read"));
    await rebuild(app, events, watch("rebuild"));
  } finally {
    await app.stop();
  }
  return samples;
}

/** Records events through commands, so that deciders, group commit and the projection take part. */
async function record(app, events, note) {
  let sent = 0;
  const send = async () => {
    while (sent < events) {
      const sku = `article-${sent++ % articles}`;
      await app.send(StockService.methods.replenish, { sku, quantity: 1 });
      note(1);
    }
  };
  await Promise.all(Array.from({ length: callers }, send));
}

async function read({ events: store }, events, note) {
  let seen = 0;
  for await (const slice of subscribe(store)) {
    seen += slice.events.length;
    note(slice.events.length);
    if (seen >= events) break;
  }
  if (seen !== events) throw new Error(`read ${seen} events instead of ${events}`);
}

async function rebuild(app, events, note) {
  const projection = app.projection(StockView);
  const { generation } = await projection.rebuild();
  let applied = 0;
  while (projection.builds[0]?.generation !== generation || projection.status.state !== "live") {
    const { position = 0 } = projection.builds.find((build) => build.generation === generation) ?? {};
    // Positions have gaps, so they only approximate the progress.
    const reached = Math.min(position, events);
    note(reached - applied);
    applied = reached;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  note(events - applied);
}

function takeSample(phase, done, start) {
  collect();
  const { heapUsed, external, rss } = process.memoryUsage();
  const seconds = (performance.now() - start) / 1_000;
  return { phase, done, heap: (heapUsed + external) / 2 ** 20, rss: rss / 2 ** 20, rate: done / seconds };
}

/** The growth of the heap in each phase after its warm-up: the median of its last quarter minus that of its second. */
export function measureGrowth(samples) {
  return [...new Set(samples.map(({ phase }) => phase))].map((phase) => {
    const heaps = samples.filter((sample) => sample.phase === phase).map(({ heap }) => heap);
    const quarter = Math.max(1, Math.floor(heaps.length / 4));
    const growth = median(heaps.slice(-quarter)) - median(heaps.slice(quarter, 2 * quarter));
    return { phase, growth, flat: growth <= tolerated };
  });
}

export function describe({ phase, done, heap, rss, rate }) {
  return `${phase}: ${done} events, heap ${heap.toFixed(1)} MB, resident ${rss.toFixed(0)} MB, ${Math.round(rate)}/s`;
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}
