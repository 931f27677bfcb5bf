// A process that appends until it receives SIGTERM or is killed. It logs each acknowledged append in one write: every logged
// append must be stored.
import { randomUUID } from "node:crypto";
import { openSync, writeSync } from "node:fs";
import pg from "pg";
import { postgres } from "../../runtime/dist/adapters/postgres/index.js";
import { isAway, patiently, sleep, soaked, streamCount, streamOf } from "./shared.mjs";

const {
  url,
  schema,
  log,
  concurrency,
  delay = 8,
  plain = false,
  unlocked,
  number,
  freeze = 0,
  limits,
} = JSON.parse(process.argv[2]);
if (unlocked === "statements") removeLock();
const store = postgres({ url, schema, applicationName: schema, connections: concurrency, migrate: false, ...limits });
const file = openSync(log, "a");
let running = true;
process.on("SIGTERM", () => {
  running = false;
});

class OnPurpose extends Error {}

const soakedSlowly = { ...soaked, type: `${soaked.type}Slowly` };

/** Removes the appenders' lock from the statements. A control: the test must find violations. */
function removeLock() {
  const { query } = pg.Client.prototype;
  pg.Client.prototype.query = function (statement, ...rest) {
    const { text } = statement;
    const sent =
      text === undefined
        ? statement
        : { ...statement, text: text.replace(/pg_advisory_xact_lock_shared\([^)]*\)/, "1") };
    return query.call(this, sent, ...rest);
  };
}

async function write() {
  const versions = new Map();
  while (running) {
    // On conflicts, the store uses functions instead of statements.
    const stream = Math.floor(Math.random() * streamCount) + (plain ? number * streamCount : 0);
    const expectedVersion = versions.get(stream) ?? 0;
    const events = Array.from({ length: plain ? 1 : 1 + Math.floor(Math.random() * 3) }, () => ({
      id: randomUUID(),
      definition: soaked,
      data: new Uint8Array(50),
    }));
    const ids = events.map(({ id }) => id);
    // Half have no inline projection, a third take a transaction of some length, half of these are aborted; the inline
    // projections of the rest run before the append.
    const fate = plain ? 1 : Math.random();
    const isLong = fate < 0.34;
    // The store remembers for each type of events that its handlers read the position, which takes a transaction.
    if (isLong) for (const event of events) event.definition = soakedSlowly;
    const inline = async ([event]) => {
      if (!isLong) return sleep(Math.random());
      if (!(event.position > 0)) throw new Error("the event has no position");
      await sleep(Math.random() * delay);
      // Frozen until another process sends SIGCONT, maybe after the server has ended the session. A stopping process must not
      // freeze: nothing would resume it.
      if (running && Math.random() < freeze) process.kill(process.pid, "SIGSTOP");
      if (fate < 0.17) throw new OnPurpose();
    };
    const command = !plain &&
      Math.random() < 0.5 && {
        command: { id: randomUUID(), requestHash: "h", response: new Uint8Array([1]) },
      };
    const request = {
      stream: streamOf(stream),
      expectedVersion,
      events,
      correlationId: "c",
      causationId: "k",
      metadata: {},
      ...command,
      ...(fate < 0.5 && { inline }),
    };
    try {
      // A command id makes it safe to send again.
      const result = command ? await patiently(() => store.events.append(request)) : await store.events.append(request);
      if (result.kind === "appended" || result.kind === "duplicate") {
        writeSync(file, `${JSON.stringify({ stream: String(stream), version: result.version, ids })}\n`);
        versions.set(stream, result.version);
      } else if (result.kind === "conflict") versions.set(stream, result.actualVersion);
      else throw new Error(`unexpected result ${result.kind}`);
    } catch (error) {
      if (error instanceof OnPurpose) continue;
      if (!isAway(error)) throw error;
      await sleep(20);
    }
  }
}

await patiently(() => store.start());
await Promise.all(Array.from({ length: concurrency }, write));
await store.stop();
