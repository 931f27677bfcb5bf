import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { pinParent, startChild } from "../harness/child.mjs";
import { load } from "../harness/load.mjs";
import { toRowsOfUnits } from "../harness/rows.mjs";
import { buildPotter } from "../potter/build.mjs";
import { checkJson, checkRefusals } from "./check.mjs";
import { loadCalls } from "./load.mjs";
import { works } from "./works.mjs";

export { works };

const folder = new URL("servers/", import.meta.url);
const child = fileURLToPath(new URL("../harness/server-child.mjs", import.meta.url));
const units = Object.fromEntries(["CPU µs/message", "messages/s", "server busy %"].map((unit) => [unit, unit]));

export const versions = [
  "@grpc/grpc-js",
  "nice-grpc",
  "@connectrpc/connect",
  "@connectrpc/connect-node",
  "fastify",
  "@bufbuild/protobuf",
];

export const forms = {
  smoke: {
    works: works.filter(({ key }) => key !== "unary-4k").map(({ key }) => key),
    rounds: 1,
    warm: 1,
    slice: 50,
    inFlight: 8,
    sessions: 2,
  },
  quick: {
    minutes: 3.5,
    works: ["unary", "bidi", "connect-json", "connect-proto"],
    rounds: 6,
    warm: 1_000,
    slice: 1_000,
    inFlight: 32,
    sessions: 4,
    servers: ["node-http2.mjs", "grpc-js.mjs", "node-http.mjs", "potter.mjs"],
  },
  full: { minutes: 14, rounds: 7, warm: 1_000, slice: 1_500, inFlight: 32, sessions: 4 },
};

export async function run(session) {
  const { settings } = session;
  await buildPotter();
  // Its messages are generated.
  const { createConnectRequest, createGrpcCall } = await import("./calls.mjs");
  const unpin = pinParent();
  await session.eachWork(async (work) => {
    const loadWith =
      work.protocol === "grpc"
        ? (options) => loadCalls({ call: createGrpcCall(work), ...options })
        : ({ inFlight, ...options }) =>
            load({ requests: [createConnectRequest(work)], connections: inFlight, ...options });
    const samples = await session.measureRounds({
      contenders: await readServers(work, settings.servers),
      rounds: settings.rounds,
      independent: true,
      measure: (server) => measureServer(server, work, loadWith, settings),
    });
    return toRowsOfUnits({ work: work.title, units, floor: work.floor, samples });
  });
  unpin();
}

async function readServers({ key, protocol }, wanted) {
  const own = new URL(`${protocol}/`, folder);
  const files = readdirSync(own).filter((file) => wanted?.includes(file) ?? file.endsWith(".mjs"));
  const servers = files.map(async (file) => {
    const url = new URL(file, own).href;
    const { name, works = [key] } = await import(url);
    return { name, works, url };
  });
  return (await Promise.all(servers)).filter(({ works }) => works.includes(key));
}

/** A fresh process each time: none lives on what the work before has warmed, or suffers from its heap. */
async function measureServer(server, work, loadWith, { warm, slice, inFlight, sessions }) {
  const started = await startChild(child, [server.url, work.key]);
  try {
    const port = await started.ask({ kind: "port" });
    await checkRefusals(server, port, work);
    if (work.key === "connect-json") await checkJson(server, port);
    const count = await loadWith({ port, inFlight, sessions, milliseconds: warm, atLeast: (warm * 5) / work.messages });
    if (!(count > 0)) throw new Error("no call was made");
    const cpuBefore = await started.ask({ kind: "cpu" });
    const start = performance.now();
    const messages = work.messages * (await loadWith({ port, inFlight, sessions, milliseconds: slice }));
    const milliseconds = performance.now() - start;
    const cpu = (await started.ask({ kind: "cpu" })) - cpuBefore;
    return {
      "messages/s": (messages / milliseconds) * 1_000,
      "CPU µs/message": cpu / messages,
      "server busy %": cpu / milliseconds / 10,
    };
  } catch (error) {
    throw new Error(`${server.name}: ${error.message}`, { cause: error });
  } finally {
    await started.stop();
  }
}
