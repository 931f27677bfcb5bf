// A process that sends scheduled and recurring commands, and runs a reaction, until it kills itself at a named point of its work. The
// reaction sends a command for each event of a scheduled one. Ids of commands that were scheduled go to a log, in one write each.
import { existsSync, openSync, readFileSync, writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { StockReplenished, StockService } from "../../examples/shop/dist/gen/shop/stock/v1/stock_cqrs.js";
import { stockItem } from "../../examples/shop/dist/src/stock.js";
import { postgres } from "../../runtime/dist/adapters/postgres/index.js";
import { createApp, handle, reaction, schedule, scheduledCommands } from "../../runtime/dist/index.js";
import { recurringTable, scheduleTableOf } from "../../runtime/dist/schedule/index.js";

const { url, schema, number, point, nth, lease, trace, log, failures, quiet, mutant } = JSON.parse(process.argv[2]);
const [traceFile, logFile, failuresFile] = [trace, log, failures].map((file) => openSync(file, "a"));
const { replenish } = StockService.methods;
const streams = 4;

let left = nth;

/** A point at which the process can die. It dies at its own point, at the nth time. */
function pass(name) {
  if (name !== point || --left !== 0) return;
  writeSync(traceFile, `${name}\n`);
  process.kill(process.pid, "SIGKILL");
}

/** Dies while the next statement is on its way to the database, or has just arrived. */
function passSoon(name) {
  setTimeout(() => pass(name), 2 * Math.random());
}

function over(target, changes) {
  return new Proxy(target, {
    get(object, key) {
      const value = key in changes ? changes[key] : object[key];
      return typeof value === "function" ? value.bind(object) : value;
    },
  });
}

/** What a change of a row means; undefined: the row is no schedule. */
function nameOf({ name }, row) {
  const isRecurring = name === recurringTable.table.name;
  if (!isRecurring && !name.startsWith("scheduled:")) return undefined;
  const kind = isRecurring ? "occurrence" : "command";
  if (row === undefined) return `${kind} ended`;
  if (row.potterClaimed) return `${kind} claimed`;
  return isRecurring && row.potterAttempts === 0 ? `${kind} ended` : undefined;
}

/** Whose command it is, by its id. */
function kindOf(id = "") {
  if (id.startsWith("schedule:tick:")) return "occurrence";
  if (id.startsWith("schedule:")) return "command";
  return id.startsWith("copy:") ? "reaction" : undefined;
}

const appending = (append) => async (request) => {
  const ids = request.parts?.map(({ command }) => command?.id) ?? [request.command?.id];
  const kinds = [...new Set(ids.map(kindOf))].filter((kind) => kind !== undefined);
  for (const kind of kinds) {
    pass(`${kind} before its append`);
    passSoon(`${kind} in its append`);
  }
  const result = await append(request);
  for (const kind of kinds) pass(`${kind} appended`);
  return result;
};

const base = postgres({ url, schema, applicationName: schema, connections: 4, migrate: false });
const { events, rows, projections } = base;
const store = over(base, {
  events: over(events, {
    append: appending((request) => events.append(request)),
    appendSequence: appending((request) => events.appendSequence(request)),
  }),
  rows: over(rows, {
    transact: async (apply) => {
      let names = [];
      const result = await rows.transact(async (transaction) => {
        names = [];
        const note = (table, row) => {
          const name = nameOf(table, row);
          if (name !== undefined) names.push(name);
        };
        const found = await apply(
          over(transaction, {
            inMemory: undefined,
            put: (table, tenant, key, row) => {
              note(table, row);
              return transaction.put(table, tenant, key, row);
            },
            delete: (table, tenant, key) => {
              note(table, undefined);
              return transaction.delete(table, tenant, key);
            },
          }),
        );
        for (const name of names) passSoon(`${name} in its transaction`);
        return found;
      });
      for (const name of names) pass(name);
      return result;
    },
  }),
  projections: over(projections, {
    commit: async (move, apply) => {
      let letters = [];
      const moved = await projections.commit(move, async (transaction) => {
        letters = await apply(transaction);
        return letters;
      });
      pass(letters.length > 0 ? "dead letter stored" : "checkpoint stored");
      return moved;
    },
  }),
});

/** One of eight events fails at first, in whichever process. */
function failOnce(id, quantity) {
  if (quantity % 8 !== 1 || readFileSync(failures, "utf8").includes(id)) return;
  writeSync(failuresFile, `${id}\n`);
  throw new Error("on purpose");
}

const copy = reaction({
  name: "copy",
  shards: 2,
  on: [
    handle(StockReplenished, async ({ sku, quantity }, ctx) => {
      if (!sku.startsWith("source")) return;
      failOnce(ctx.event.id, quantity);
      pass("event handled");
      const options = mutant === "ids" ? { key: String(Math.random()) } : {};
      await ctx.send(replenish, { sku: sku.replace("source", "copy"), quantity: 1 }, options);
    }),
  ],
});

const interval = 100;
const tick = schedule({
  name: "tick",
  times: {
    text: "every 100 ms",
    next: (after) =>
      existsSync(quiet) ? undefined : new Date((Math.floor(after.getTime() / interval) + 1) * interval),
  },
  // A busy machine may be late by more than a minute.
  missed: "all",
  method: replenish,
  request: () => ({ sku: "tick", quantity: 1 }),
});

const app = createApp({
  store,
  parts: [stockItem, copy, tick, scheduledCommands({ methods: [replenish] })],
  unimplemented: [StockService.methods.getStock],
  projections: { leaseDuration: lease },
});

let running = true;

/** Ends the leases of what is claimed for some time, as if a minute had passed since its process died. */
async function endLeases() {
  let seen = new Map();
  while (running) {
    await sleep(150);
    const claimed = new Map();
    for (const { table, headerOf, change } of [scheduleTableOf(replenish), recurringTable]) {
      for (const { key, row } of await rows.scan(table, "", { conditions: [], limit: 500 })) {
        const { claimed: isClaimed, attempts } = headerOf(row);
        if (!isClaimed) continue;
        const id = `${table.name} ${key}`;
        claimed.set(id, attempts);
        if (seen.get(id) !== attempts) continue;
        await rows.transact(async (transaction) => {
          const now = await transaction.get(table, "", key);
          if (now === undefined || headerOf(now).attempts !== attempts || !headerOf(now).claimed) return;
          await transaction.put(table, "", key, change(now, { due: 1 }));
        });
      }
    }
    seen = claimed;
  }
}

async function scheduleSome() {
  for (let n = 0; running; n++) {
    await sleep(20);
    if (existsSync(quiet)) continue;
    const id = `${number}-${n}`;
    const request = { sku: `source${n % streams}`, quantity: 1 + n };
    await app.schedules.schedule(replenish, request, { in: 5, id });
    writeSync(logFile, `${id}\n`);
  }
}

process.on("SIGTERM", () => {
  running = false;
});
await app.start();
await Promise.all([endLeases(), scheduleSome()]);
await app.stop();
