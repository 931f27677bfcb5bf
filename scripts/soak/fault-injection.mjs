// Faults injected into a server and its clients while they work. Each continues while `running()` is true, and counts.
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { postgres } from "../../runtime/dist/adapters/postgres/index.js";
import { sessionOf } from "../../runtime/dist/sql/index.js";
import { isAway, patiently, soaked, streamOf } from "./shared.mjs";

/** Runs work on its own connection, outside of the store. */
export async function asAdmin(url, work) {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}

/** Terminates backends of the writers at any time, but leaves them time to work in between: more on a busy machine. */
export async function terminateBackends({ url, schema, running, counts }) {
  let took = 0;
  while (running()) {
    await sleep(Math.max(40, 3 * took));
    const began = performance.now();
    await attempt(() =>
      asAdmin(url, async (client) => {
        const { rowCount } = await client.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE application_name = $1 AND (state <> 'idle' OR random() < 0.1) ORDER BY random() LIMIT 1`,
          [schema],
        );
        counts.terminated += rowCount;
      }),
    );
    took = performance.now() - began;
  }
}

/** How long a process may take until it has written something, in milliseconds, before it is killed all the same. */
const longestStart = 10_000;

/** Kills processes with SIGKILL and restarts them. */
export async function killProcesses({ children, every, running, counts, name }) {
  while (running()) {
    await sleep(every * (0.5 + Math.random()));
    if (!running()) return;
    const child = children[Math.floor(Math.random() * children.length)];
    // On a busy machine it could be killed before it does anything, each time.
    for (const since = Date.now(); running() && !child.hasWorked && Date.now() < since + longestStart; )
      await sleep(20);
    if (!running()) return;
    await child.replace();
    counts[name]++;
  }
}

/**
 * Freezes processes at any point and resumes all frozen ones later: some in time, some after the server has closed their
 * connections. It also resumes processes that froze themselves in the middle of an append.
 */
export async function freezeProcesses({ children, longest, running, counts }) {
  while (running()) {
    await sleep(200 * Math.random());
    children[Math.floor(Math.random() * children.length)].signal("SIGSTOP");
    counts.frozen++;
    await sleep(longest * Math.random());
    for (const child of children) child.signal("SIGCONT");
  }
}

/** Stops the server at once, as in a power failure, and restarts it. */
export async function crashServer({ server, times, seconds, running, counts }) {
  for (let i = 0; i < times; i++) {
    await sleep((seconds * 1000) / (times + 1));
    if (!running()) return;
    await server.crash();
    counts.crashes++;
  }
}

/** Prepares transactions that append, and commits or rolls them back later. */
export async function prepareAppends({ url, schema, running, counts }) {
  const store = postgres({ url, schema, connections: 1, migrate: false });
  await patiently(() => store.start());
  for (let i = 0; running(); i++) {
    const gid = `${schema}-${i}`;
    const stream = streamOf(`prepared-${i}`);
    await attempt(async () => {
      await store.events.append({
        stream,
        expectedVersion: 0,
        events: [{ id: crypto.randomUUID(), definition: soaked, data: new Uint8Array(10) }],
        correlationId: "c",
        causationId: "k",
        metadata: {},
        inline: (_, transaction) => sessionOf(transaction).script(`PREPARE TRANSACTION '${gid}'`),
      });
      counts.prepared++;
    });
    await sleep(300 * Math.random());
    await endPrepared(url, i % 2 === 0 ? "COMMIT" : "ROLLBACK");
    await sleep(200);
  }
  await store.stop();
}

/** Ends the prepared transactions of the database. */
export function endPrepared(url, how) {
  return patiently(() =>
    asAdmin(url, async (client) => {
      const text = "SELECT gid FROM pg_prepared_xacts WHERE database = current_database()";
      for (const { gid } of (await client.query(text)).rows) await client.query(`${how} PREPARED '${gid}'`);
    }),
  );
}

/** Appends to another database of the server with a schema of the same name, and so with the same lock keys. */
export async function keepOthersBusy({ url, schema, running, counts }) {
  const other = new URL(url);
  other.pathname = `/${schema}`;
  await patiently(() => asAdmin(url, (client) => client.query(`CREATE DATABASE ${schema}`)));
  const store = postgres({ url: other.href, schema, connections: 2 });
  await patiently(() => store.start());
  // A lock held by no session: in our own database it would stop every reader.
  await patiently(() =>
    asAdmin(other.href, (client) =>
      client.query(`BEGIN; SELECT pg_advisory_xact_lock_shared(l.classid::int, l.objid::int) FROM (
        SELECT ${lockKeys(schema)}) l; PREPARE TRANSACTION '${schema}-other'`),
    ),
  );
  const write = async (name) => {
    for (let version = 0; running(); ) {
      await attempt(async () => {
        const result = await store.events.append({
          stream: streamOf(name),
          expectedVersion: version,
          events: [{ id: crypto.randomUUID(), definition: soaked, data: new Uint8Array(10) }],
          correlationId: "c",
          causationId: "k",
          metadata: {},
          // Who reads the position gets it from a transaction, which is open during the pause.
          inline: async ([event]) => {
            if (event.position > 0) await sleep(300 * Math.random());
          },
        });
        version = result.kind === "conflict" ? result.actualVersion : result.version;
        counts.elsewhere++;
      });
    }
  };
  await Promise.all([write("a"), write("b")]);
  await store.stop();
  await endPrepared(other.href, "ROLLBACK");
}

/** The keys of the appenders' shared lock, as the store computes them. */
function lockKeys(schema) {
  let value = 0x811c9dc5;
  for (let i = 0; i < schema.length; i++) value = Math.imul(value ^ schema.charCodeAt(i), 0x01000193);
  return `${0x706f7474} AS classid, ${value & 0x7fffffff} AS objid`;
}

/** Runs work that may fail because of another injected fault. */
async function attempt(work) {
  try {
    await work();
  } catch (error) {
    if (!isAway(error)) throw error;
    await sleep(20);
  }
}
