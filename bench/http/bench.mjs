import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { pinParent, startChild } from "../harness/child.mjs";
import { load } from "../harness/load.mjs";
import { toRowsOfUnits } from "../harness/rows.mjs";
import { buildPotter } from "../potter/build.mjs";
import { checkAnswers } from "./check.mjs";
import { requestsOf } from "./works.mjs";

export { works } from "./works.mjs";

const folder = new URL("servers/", import.meta.url);
const child = fileURLToPath(new URL("../harness/server-child.mjs", import.meta.url));
const floor = "node:http + ajv, hand-written (floor)";
const units = Object.fromEntries(["CPU µs/request", "req/s", "server busy %"].map((unit) => [unit, unit]));

export const versions = ["fastify", "hono", "@hono/node-server", "express", "ajv", "@bufbuild/protobuf"];

export const forms = {
  // Orders that are read have been placed before.
  smoke: { works: ["get"], rounds: 1, warm: 1, slice: 50, connections: 8, orders: 100 },
  quick: {
    minutes: 3.5,
    rounds: 6,
    warm: 1_000,
    slice: 1_000,
    connections: 32,
    orders: 5_000,
    servers: ["node-ajv.mjs", "fastify.mjs", "potter.mjs", "potter-not-personal.mjs"],
  },
  full: { minutes: 12, rounds: 7, warm: 1_500, slice: 2_000, connections: 32, orders: 5_000 },
};

export async function run(session) {
  const { settings } = session;
  await buildPotter();
  const contenders = await readServers(settings.servers);
  const unpin = pinParent();
  await session.eachWork(async (work) => {
    const requests = requestsOf(work.key, settings.orders);
    const samples = await session.measureRounds({
      contenders,
      rounds: settings.rounds,
      independent: true,
      measure: (server) => measureServer(server, { ...work, ...requests }, settings),
    });
    return toRowsOfUnits({ work: work.title, units, floor, samples });
  });
  unpin();
}

async function readServers(wanted) {
  const files = readdirSync(folder).filter((file) => wanted?.includes(file) ?? file.endsWith(".mjs"));
  return Promise.all(
    files.map(async (file) => {
      const url = new URL(file, folder).href;
      const { name, keeps = true } = await import(url);
      return { name, keeps, url };
    }),
  );
}

/** A fresh process each time, so that the orders of one slice do not burden the heap of the next. */
async function measureServer(server, work, { warm, slice, connections }) {
  const started = await startChild(child, [server.url, work.key]);
  try {
    const port = await started.ask({ kind: "port" });
    if (server.keeps) {
      await checkAnswers(server, port, work);
      await load({ port, requests: work.before, connections });
    }
    // One that keeps nothing answers every request alike.
    const requests = server.keeps ? work.requests : work.requests.map((one) => ({ ...one, bodyStart: '{"orderId":"' }));
    const warmed = await load({ port, requests, connections, milliseconds: warm, atLeast: warm * 10 });
    const cpuBefore = await started.ask({ kind: "cpu" });
    const start = performance.now();
    const count = await load({ port, requests, connections, milliseconds: slice });
    const milliseconds = performance.now() - start;
    const cpu = (await started.ask({ kind: "cpu" })) - cpuBefore;
    if (server.keeps) {
      const expected = 1 + work.before.length + (work.places ? warmed + count : 0);
      const kept = await started.ask({ kind: "size" });
      if (kept !== expected) throw new Error(`${server.name} keeps ${kept} orders instead of ${expected}`);
    }
    return {
      "req/s": (count / milliseconds) * 1_000,
      "CPU µs/request": cpu / count,
      "server busy %": cpu / milliseconds / 10,
    };
  } finally {
    await started.stop();
  }
}
