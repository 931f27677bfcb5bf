// Brutal test of sagas: transfers of several processes on a real server, which are killed and stopped at named points, while messages
// are delivered twice and the server is stopped.
import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { postgres } from "../../../runtime/dist/adapters/postgres/index.js";
import { createApp } from "../../../runtime/dist/index.js";
import { asAdmin } from "../fault-injection.mjs";
import { patiently, sleep } from "../shared.mjs";
import { bundleWorker } from "./bundle.mjs";
import { collectVerdict, compareProjection } from "./evidence.mjs";
import { calm, readHits } from "./injection.mjs";
import { mutations } from "./mutations.mjs";
import { accountPart, openAccount } from "./parts.mjs";
import { bankOf, createTables } from "./tables.mjs";
import { Workers } from "./workers.mjs";

export { mutations };

const accounts = 40;
/** What each account has at first, in the store and in the remote bank: sometimes too little. */
const money = { local: 60, remote: 400 };
const stepsThatMayFail = ["debit", "debit_other", "fee", "seal", "open", "close"];

/**
 * Runs at least `sagas` transfers for at least `seconds`, and with `isComplete` until each fault has happened at each point, or `limit`
 * seconds have passed. `rounds`: how often each fault happens at most at each point; `gap`: how many writes and calls of a process
 * are between two; `open`: the most transfers at the same time; `every`, `between`: seconds, and writes, between two stops of the
 * server; `lease`: of commands, in milliseconds, which stopped processes outlast; `patience`: how many seconds sagas may stand
 * still in the end. `mutation`: the guard that is removed.
 */
export async function runSagas(server, options = {}) {
  const { sagas = 5_000, seconds = 0, limit = 1_800, rounds = 5, gap = 150, workers: count = 4 } = options;
  const {
    open = 64,
    every = 5,
    between = 4_000,
    lease = 4_000,
    patience = 120,
    isComplete = true,
    mutation,
    onProgress = () => {},
  } = options;
  const schema = `sagas_${Date.now().toString(36)}`;
  const { url } = server;
  const folder = await mkdtemp(join(tmpdir(), "potter-sagas-"));
  const hits = join(folder, "hits");
  await writeFile(hits, "");
  await prepare(url, schema);
  const { edits = [], bank = {} } = mutation === undefined ? {} : mutations[mutation];
  const began = performance.now();
  const elapsed = () => (performance.now() - began) / 1_000;
  const counts = { sagas: 0, serverStops: 0 };
  const program = await bundleWorker(folder, edits);
  const workers = new Workers(count, program, (process) => ({
    url,
    schema,
    hits,
    process,
    rounds,
    gap,
    lease,
    skew: Math.round((2 * Math.random() - 1) * 3_600_000),
    bank,
  }));
  let isOver = false;
  let left;
  try {
    const running = () => !isOver && workers.failure === undefined;
    const status = { sagas: 0, ended: 0, version: 0 };
    const ask = async (work) => patiently(() => asAdmin(url, work), 120_000);
    const watch = async () => Object.assign(status, await ask((client) => readStatus(client, schema)));

    const faults = Promise.all([
      resumeStopped({ hits, workers, lease, running }),
      stopServer({ server, every, between, running, watch, status, counts }),
    ]);
    // Thrown where it is awaited.
    faults.catch(() => {});
    const pumping = (async () => {
      while (running()) {
        workers.pump();
        await sleep(20);
      }
    })();
    const isEnough = () => {
      if (elapsed() > limit) return true;
      if (counts.sagas < sagas || elapsed() < seconds) return false;
      return !isComplete || (unhit(hits).length === 0 && counts.serverStops > 0);
    };
    while (running() && !isEnough()) {
      await watch();
      while (counts.sagas < status.ended + open) begin(workers, counts.sagas++);
      onProgress({ ...counts, ended: status.ended, seconds: elapsed(), unhit: unhit(hits).length });
      await sleep(500);
    }
    // From here on nothing fails, and everything must end.
    await appendFile(hits, `${calm}\n`);
    left = await untilEnded({ watch, status, workers, counts, patience, running: () => workers.failure === undefined });
    for (const end = performance.now() + 300_000; performance.now() < end && workers.failure === undefined; ) {
      if ((await ask((client) => compareProjection(client, schema))).length === 0) break;
      await sleep(200);
    }
    isOver = true;
    await Promise.all([faults, pumping]);
    await workers.stop();
    if (workers.failure !== undefined && mutation === undefined) throw workers.failure;
    const started = new Set(
      [...workers.answers.keys()].flatMap((id) => (id.startsWith("start ") ? [id.slice(6)] : [])),
    );
    const total = accounts * (money.local + money.remote);
    const verdict = await ask((client) => collectVerdict(client, schema, { started, total }));
    for (const text of workers.errors) verdict.violations.add("engine", text);
    if (workers.failure !== undefined) verdict.violations.add("engine", workers.failure.message);
    return summarize(verdict, { hits, counts, workers, seconds: elapsed(), left });
  } finally {
    isOver = true;
    await workers.kill();
    await rm(folder, { recursive: true, force: true });
  }
}

async function prepare(url, schema) {
  const app = createApp({ store: postgres({ url, schema }), parts: [accountPart] });
  await app.start();
  for (let i = 0; i < accounts; i++) await app.send(openAccount, { account: `a${i}`, amount: money.local });
  await app.stop();
  await asAdmin(url, (client) => createTables(client, schema, { accounts, money: money.remote }));
}

/** Starts a transfer, maybe one that must fail, and sends its approval at any time. */
function begin(workers, number) {
  const integer = (to) => Math.floor(Math.random() * to);
  const account = () => `a${integer(accounts)}`;
  const id = `t${number}`;
  const data = {
    id,
    from: account(),
    other: account(),
    to: [account(), account()],
    amount: 1 + integer(12),
    late: true,
    log: [],
  };
  if (Math.random() < 0.3) data.refuse = stepsThatMayFail[integer(stepsThatMayFail.length)];
  workers.demand("start", data);
  setTimeout(() => workers.demand("approve", { id }), 1_500 * Math.random());
  if (Math.random() < 0.05) setTimeout(() => workers.demand("cancel", { id }), 3_000 * Math.random());
}

function unhit(hits) {
  return [...readHits(hits).counts].filter(([, count]) => count === 0).map(([cell]) => cell);
}

/** Continues processes that have stopped themselves, after others may have taken over their commands. */
async function resumeStopped({ hits, workers, lease, running }) {
  let known = 0;
  const resuming = [];
  while (running()) {
    const { stopped } = readHits(hits);
    for (const { process } of stopped.slice(known)) {
      resuming.push(sleep(lease * (1.2 + Math.random())).then(() => workers.resume(process)));
    }
    known = stopped.length;
    await sleep(50);
  }
  await Promise.all(resuming);
}

/** Stops the server as in a power failure, again and again, but lets sagas proceed in between. */
async function stopServer({ server, every, between, running, status, counts, watch }) {
  for (let version = 0; running(); ) {
    await sleep(every * 1_000 * (0.5 + Math.random()));
    if (!running() || status.isCalm) return;
    if (status.version < version + between) continue;
    await server.crash();
    counts.serverStops++;
    await watch();
    ({ version } = status);
  }
}

async function readStatus(client, schema) {
  const { rows } = await client.query(
    `SELECT count(*)::int AS sagas, count(*) FILTER (WHERE fields->>'status' IN ('completed', 'compensated', 'suspended'))::int AS ended,
       (SELECT last_value::int FROM ${bankOf(schema)}.seq) AS version
     FROM ${schema}.rows WHERE view = 'potter.sagas.sim.Transfer'`,
  );
  return rows[0];
}

/** Waits until all sagas have ended, or nothing has changed for too long. Returns how many have not ended. */
async function untilEnded({ watch, status, workers, counts, patience, running }) {
  status.isCalm = true;
  let since = performance.now();
  const end = since + 10 * patience * 1_000;
  for (let before = -1; running(); ) {
    await watch();
    const left = counts.sagas - status.ended + workers.open;
    if (left === 0) return 0;
    if (status.version !== before) since = performance.now();
    before = status.version;
    if (performance.now() > Math.min(end, since + patience * 1_000)) return left;
    await sleep(200);
  }
}

function summarize({ violations, rows, effects, transitions }, { hits, counts, workers, seconds, left }) {
  const { counts: cells } = readHits(hits);
  const of = (wanted) =>
    [...rows].filter(([id, { status }]) => id.startsWith("sim.Transfer ") && status === wanted).length;
  const total = (fault) =>
    [...cells].reduce((sum, [cell, count]) => sum + (cell.endsWith(`: ${fault}`) ? count : 0), 0);
  const { fenced, takenOver } = workers.counters;
  const violated = Object.values(violations.counts).some((count) => count > 0);
  const missing = [...cells].some(([, count]) => count === 0);
  return {
    counts: {
      sagas: counts.sagas,
      completed: of("completed"),
      compensated: of("compensated"),
      suspended: of("suspended"),
      left,
      transitions,
      effects,
      killed: workers.died,
      stopped: total("stopped"),
      twice: total("twice"),
      serverStops: counts.serverStops,
      fenced,
      takenOver,
      seconds: Math.round(seconds),
    },
    violations: violations.counts,
    texts: violations.texts,
    hits: Object.fromEntries(cells),
    // The faults must have happened: outcomes of old epochs were rejected, and most transfers could complete.
    isPassed: !violated && !missing && fenced > 0 && 3 * of("completed") >= counts.sagas,
  };
}
