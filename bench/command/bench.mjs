import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { pinParent, startChild } from "../harness/child.mjs";
import { load, toRequest } from "../harness/load.mjs";
import { readPostgresCpu } from "../harness/postgres.mjs";
import { median } from "../harness/rounds.mjs";
import { toRowsOfUnits } from "../harness/rows.mjs";
import { request } from "../http/order.mjs";
import { buildPotter } from "../potter/build.mjs";
import { checkAnswers } from "./check.mjs";
import { contenders, floor } from "./contenders.mjs";
import { createOrderIds } from "./streams.mjs";
import { connections, createWorks } from "./works.mjs";

export const versions = [
  "pg",
  "fastify",
  "express",
  "ajv",
  "@event-driven-io/emmett",
  "@event-driven-io/emmett-postgresql",
  "@event-driven-io/pongo",
  "@electric-sql/pglite",
  "@bufbuild/protobuf",
];

export const works = createWorks(1);

const decisive = ["rest-new-1", "rest-new-16", "rest-new-64", "get-16"];

export const forms = {
  smoke: {
    works: ["rest-new-16", "rest-ten-1", "get-16"],
    rounds: 1,
    warm: 0,
    settle: 0,
    slice: 50,
    orders: 20,
    warmUp: 0,
    decisiveOnly: true,
  },
  quick: {
    works: decisive,
    minutes: 4,
    rounds: 6,
    warm: 600,
    settle: 150,
    slice: 800,
    orders: 1_000,
    warmUp: 1_000,
    decisiveOnly: true,
  },
  full: { minutes: 40, rounds: 5, warm: 800, settle: 150, slice: 800, orders: 1_000, warmUp: 1_000 },
};

/** The same benchmark with a slower network, for `--latency`. */
export function withLatency(latency) {
  const delayed = createWorks(latency).filter((work) => work.latency > 0);
  const keys = (form) => ({ ...form, works: delayed.map(({ key }) => key) });
  return {
    works: delayed,
    versions,
    forms: { smoke: keys(forms.smoke), quick: keys(forms.quick), full: keys(forms.full) },
    run,
  };
}

const units = {
  rate: "commands/s",
  latency: "ms until answered, median",
  nodeCpu: "Node CPU µs/command",
  postgresCpu: "PostgreSQL CPU µs/command",
  cpu: "CPU µs/command, Node and PostgreSQL",
  statements: "statements/command",
  flushes: "flushes/command",
};

const child = fileURLToPath(new URL("server-child.mjs", import.meta.url));
const proxy = fileURLToPath(new URL("proxy.mjs", import.meta.url));

export async function run(session) {
  await buildPotter();
  const unpin = pinParent();
  // The servers of one place stay for all its works.
  let open;
  try {
    await session.eachWork(async (work) => {
      const place = `${work.store} ${work.latency}`;
      if (place !== open?.place) {
        await stopAll(open?.processes);
        open = { place, processes: [] };
        open.servers = await openServers(session, work, open.processes);
      }
      return measureWork(session, work, open.servers);
    });
  } finally {
    await stopAll(open?.processes);
    unpin();
  }
}

/** Adds what it starts to `processes`. */
async function openServers(session, { store, latency }, processes) {
  const { orders, warmUp, decisiveOnly = false } = session.settings;
  const postgres = store === "postgres" ? await session.postgres() : undefined;
  const start = async (script, args) => {
    const started = await startChild(script, args, { pinned: false });
    processes.push(started);
    return started;
  };
  const network = latency > 0 ? await start(proxy, [new URL(postgres).port, String(latency)]) : undefined;
  const proxyPort = await network?.ask({ kind: "port" });
  const works = session.works.filter((work) => work.store === store && work.latency === latency);
  const able = contenders.filter((one) => (one.decisive || !decisiveOnly) && works.some(one.takes));
  return Promise.all(
    able.map(async (contender) => {
      const options = { store, postgres, proxyPort, connections, ...contender.options };
      const { ask } = await start(child, [contender.file, JSON.stringify(options)]);
      const server = { ...contender, ask, ...(await ask({ kind: "about" })) };
      await checkAnswers(server);
      server.orders = await placeOrders(server, orders);
      const create = createPost(server);
      if (warmUp > 0) {
        const warm = { port: server.port, connections: 16, milliseconds: warmUp, atLeast: 2 * warmUp };
        await load({ ...warm, requests: () => create() });
        if (server.hasRows) await load({ ...warm, requests: server.orders });
      }
      server.expected = await ask({ kind: "stored" });
      return server;
    }),
  );
}

async function stopAll(processes = []) {
  await Promise.all(processes.map((started) => started.stop()));
}

/** Orders to be read, by known ids. */
async function placeOrders({ port, base, hasRows }, count) {
  const ids = Array.from({ length: count }, (_, i) => `order-${String(i).padStart(6, "0")}`);
  const requests = ids.map((orderId) => post(base, { ...request, orderId }));
  await load({ port, requests, connections: 16 });
  return hasRows
    ? ids.map((id) => toRequest({ method: "GET", path: `${base}/${id}`, bodyStart: `{"orderId":"${id}"` }))
    : [];
}

/** Returns a function that creates requests: for a new order without an id, else to add to that order. */
function createPost({ base, commandIds }) {
  const fixed = post(base, request);
  return (id) => {
    if (id === undefined && !commandIds) return fixed;
    const headers = commandIds ? { "idempotency-key": randomUUID() } : {};
    return post(id === undefined ? base : `${base}/${id}/lines`, request, headers);
  };
}

function post(path, body, headers) {
  return toRequest({ method: "POST", path, headers, body: JSON.stringify(body), bodyStart: '{"orderId":"' });
}

async function measureWork(session, work, servers) {
  const { rounds, warm, settle, slice } = session.settings;
  const able = servers.filter((server) => server.takes(work));
  if (warm > 0) for (const server of able) await measureServer(server, work, 0, warm);
  const samples = await session.measureRounds({
    contenders: able,
    rounds,
    independent: true,
    measure: (server) => measureServer(server, work, settle, slice),
  });
  const measured = Object.keys(samples.values().next().value);
  const shown = Object.fromEntries(Object.entries(units).filter(([figure]) => measured.includes(figure)));
  return toRowsOfUnits({ work: work.title, units: shown, floor, samples });
}

/** `settle`: milliseconds before the slice, in which connections that were closed while others had their turn reopen. */
async function measureServer(server, work, settle, slice) {
  const settled = settle > 0 ? await callFor(server, work, settle) : { latencies: [], created: 0 };
  const postgresBefore = readPostgresCpu();
  const before = await server.ask({ kind: "usage" });
  const start = performance.now();
  const { latencies, created } = await callFor(server, work, slice);
  const spent = performance.now() - start;
  const after = await server.ask({ kind: "usage" });
  const postgresAfter = readPostgresCpu();
  const count = latencies.length;
  if (work.stream !== "get") await expectStored(server, settled.latencies.length + count, settled.created + created);
  const nodeCpu = (after.cpu - before.cpu) / count;
  const postgresCpu =
    work.store === "postgres" && postgresBefore !== undefined ? (postgresAfter - postgresBefore) / count : undefined;
  return {
    rate: (count / spent) * 1_000,
    latency: median(latencies),
    nodeCpu,
    ...(postgresCpu !== undefined && { postgresCpu, cpu: nodeCpu + postgresCpu }),
    statements: (after.statements - before.statements) / count,
    flushes: (after.flushes - before.flushes) / count,
  };
}

/** Returns how long each answer took, and how many orders were created. */
async function callFor(server, { by, stream, callers }, milliseconds) {
  if (by === "process") return server.ask({ kind: "callFor", milliseconds, callers, stream });
  const latencies = [];
  const { port, orders } = server;
  if (stream === "get") {
    await load({ port, requests: orders, connections: callers, milliseconds, latencies });
    return { latencies };
  }
  const ids = createOrderIds(stream);
  const create = createPost(server);
  const requests = (caller) => create(ids.next(caller));
  await load({ port, requests, connections: callers, milliseconds, latencies });
  return { latencies, created: ids.created() ?? latencies.length };
}

/** Every answered command has stored one event, and every order has a row. */
async function expectStored(server, commands, orders) {
  server.expected.events += commands;
  server.expected.rows += orders;
  const { events, rows } = await server.ask({ kind: "stored" });
  const { expected } = server;
  if (events === expected.events && rows === (server.hasRows ? expected.rows : 0)) return;
  throw new Error(
    `${server.name}: ${events} events and ${rows} rows instead of ${expected.events} and ${expected.rows}`,
  );
}
