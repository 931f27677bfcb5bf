import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { pinParent, startChild } from "../harness/child.mjs";
import { toRowsOfUnits } from "../harness/rows.mjs";
import { buildPotter } from "../potter/build.mjs";
import { Followers, loadRequests } from "./clients.mjs";

const folder = new URL("servers/", import.meta.url);
const child = fileURLToPath(new URL("server-child.mjs", import.meta.url));
const floor = "ws + JSON.parse (floor)";

export const works = [
  { key: "requests", title: "requests over 32 WebSockets, one at a time on each" },
  { key: "items", title: "1,000 clients, each follows the same items" },
];

export const versions = ["ws", "@trpc/server", "socket.io", "@bufbuild/protobuf"];

const measurements = {
  requests: { measure: measureRequests, units: ["CPU µs/request", "requests/s", "server busy %"] },
  items: { measure: measureItems, units: ["CPU µs/delivery", "kB/client, living", "kB/client, resident"] },
};

export const forms = {
  smoke: { rounds: 1, warm: 1, slice: 50, sockets: 8, followers: 50, items: 5 },
  quick: {
    minutes: 2,
    rounds: 5,
    warm: 1_000,
    slice: 1_000,
    sockets: 32,
    followers: 1_000,
    items: 100,
    servers: ["ws.mjs", "trpc.mjs", "potter.mjs"],
  },
  full: { minutes: 6, rounds: 7, warm: 1_500, slice: 2_000, sockets: 32, followers: 1_000, items: 200 },
};

export async function run(session) {
  const { settings } = session;
  await buildPotter();
  const contenders = await readServers(settings.servers);
  const unpin = pinParent();
  await session.eachWork(async (work) => {
    const { measure, units } = measurements[work.key];
    const samples = await session.measureRounds({
      contenders,
      rounds: settings.rounds,
      independent: true,
      measure: (server) => measureServer(server, measure, units, settings),
    });
    const named = Object.fromEntries(units.map((unit) => [unit, unit]));
    return toRowsOfUnits({ work: work.title, units: named, floor, samples });
  });
  unpin();
}

async function readServers(wanted) {
  const files = readdirSync(folder).filter((file) => wanted?.includes(file) ?? file.endsWith(".mjs"));
  return Promise.all(
    files.map(async (file) => {
      const url = new URL(file, folder).href;
      const { name, dialect } = await import(url);
      return { name, dialect, url };
    }),
  );
}

/** A fresh process each time: none lives on what the work before has warmed, or suffers from its heap. */
async function measureServer(server, measure, units, settings) {
  const started = await startChild(child, [server.url]);
  try {
    const port = await started.ask({ kind: "port" });
    const figures = await measure({ started, port, dialect: server.dialect, settings });
    return Object.fromEntries(units.map((unit, at) => [unit, figures[at]]));
  } catch (error) {
    throw new Error(`${server.name}: ${error.message}`, { cause: error });
  } finally {
    await started.stop();
  }
}

async function measureRequests({ started, port, dialect, settings: { warm, slice, sockets } }) {
  await loadRequests({ port, dialect, sockets, milliseconds: warm, atLeast: warm * 10 });
  const cpuBefore = await started.ask({ kind: "cpu" });
  const start = performance.now();
  const count = await loadRequests({ port, dialect, sockets, milliseconds: slice });
  const milliseconds = performance.now() - start;
  const cpu = (await started.ask({ kind: "cpu" })) - cpuBefore;
  return [cpu / count, (count / milliseconds) * 1_000, cpu / milliseconds / 10];
}

/** An item is published when the last has reached everybody, so that no server sends several at once. */
async function measureItems({ started, port, dialect, settings: { followers: count, items } }) {
  const followers = new Followers();
  try {
    const before = await started.ask({ kind: "memory" });
    await followers.open({ port, dialect, count });
    const publish = (number) => started.ask({ kind: "publish", number });
    await followers.begin(publish);
    for (let at = 0; at < items / 4; at++) await followers.publish(publish);
    const after = await started.ask({ kind: "memory" });
    const cpuBefore = await started.ask({ kind: "cpu" });
    for (let at = 0; at < items; at++) await followers.publish(publish);
    const cpu = (await started.ask({ kind: "cpu" })) - cpuBefore;
    const kilobytes = (kind) => (after[kind] - before[kind]) / count / 1_000;
    return [cpu / items / count, kilobytes("living"), kilobytes("resident")];
  } finally {
    followers.close();
  }
}
