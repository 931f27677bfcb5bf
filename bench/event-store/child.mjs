// All contenders in one process: node child.mjs SERVER-URL
import { readdirSync } from "node:fs";
import pg from "pg";
import { serveParent } from "../harness/child.mjs";
import { expectedTotal, newId } from "./deposits.mjs";
import { connections, works } from "./works.mjs";

const [server] = process.argv.slice(2);
const folder = new URL("contenders/", import.meta.url);
const opened = new Map();

async function open() {
  const names = [];
  for (const file of readdirSync(folder).sort()) {
    const { contenders } = await import(new URL(file, folder).href);
    for (const contender of contenders) {
      const url = contender.server === false ? undefined : await createDatabase(`bench_${opened.size}`);
      opened.set(contender.name, {
        name: contender.name,
        leaves: contender.leaves ?? [],
        ...(await contender.open({ url, connections })),
      });
      names.push({ name: contender.name, leaves: contender.leaves ?? [] });
    }
  }
  return names;
}

async function createDatabase(name) {
  await administer(`CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

async function administer(statement) {
  const client = new pg.Client(server);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** Empties the tables, and fills what the work reads. Not timed. */
async function prepare({ contender, work: key, streams }) {
  const task = opened.get(contender);
  const work = works.find((one) => one.key === key);
  await task.empty();
  task.ids = Array.from({ length: streams }, newId);
  task.versions = task.ids.map(() => 0);
  if (work.task === "load") {
    for (const id of task.ids) await fill(task, id, work.length);
    await task.analyze?.();
  }
  if (work.task === "appendNext") {
    for (const [i, id] of task.ids.entries()) task.versions[i] = await append(task, id, 0, 1);
  }
}

async function fill(task, id, length) {
  for (let version = 0; version < length; )
    version = await append(task, id, version, Math.min(250, length - version), version);
}

async function append(task, id, expected, count, from = 0) {
  const version = await task.append(id, expected, count, from);
  if (version !== expected + count) throw new Error(`${task.name}: version ${version} instead of ${expected + count}`);
  return version;
}

/** Keeps `atOnce` callers busy for a while. Gives operations a second and CPU microseconds of this process for each. */
async function slice({ contender, work: key, milliseconds }) {
  const task = opened.get(contender);
  const work = works.find((one) => one.key === key);
  const caller = callers[work.task](task, work);
  let operations = 0;
  const cpu = process.cpuUsage();
  const start = performance.now();
  const end = start + milliseconds;
  await Promise.all(
    Array.from({ length: work.atOnce }, async (_, i) => {
      for (let n = 0; performance.now() < end; n++) {
        await caller(i, n);
        operations++;
      }
    }),
  );
  const spent = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  await check(task, work, operations);
  return { rate: (operations / spent) * 1_000, cpu: (user + system) / operations };
}

const callers = {
  appendNew:
    (task, { batch }) =>
    () =>
      append(task, newId(), 0, batch),
  appendNext:
    (task, { atOnce }) =>
    async (caller, n) => {
      // Each caller has streams of its own: there are no conflicts to be measured.
      const share = task.ids.length / atOnce;
      const i = caller * share + (n % share);
      task.versions[i] = await append(task, task.ids[i], task.versions[i], 1);
    },
  load: (task, { length }) => {
    const expected = expectedTotal(length);
    return async (caller, n) => {
      const { count, total } = await task.load(task.ids[(caller * 7 + n) % task.ids.length]);
      if (count !== length || total !== expected) {
        throw new Error(`${task.name}: ${count} events that sum up to ${total} instead of ${length} and ${expected}`);
      }
    };
  },
};

/** What was acknowledged must stand there, all of it and no more. */
async function check(task, work, operations) {
  if (work.task === "load") return;
  const expected = work.task === "appendNew" ? operations * work.batch : task.versions.reduce((sum, one) => sum + one);
  const count = await task.count();
  if (count !== expected) throw new Error(`${task.name}: holds ${count} events instead of ${expected}`);
}

async function close() {
  for (const task of opened.values()) await task.close();
}

serveParent({ open, prepare, slice, close });
