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
  // Each server answers the calls of all works of its protocol, whichever it is loaded with.
  smoke: { works: ["unary", "connect-json"], rounds: 1, warm: 1, slice: 50, inFlight: 8, sessions: 2 },
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
  const calls = await import("./calls.mjs");
  const unpin = pinParent();
  await session.eachWork(async (work) => {
    const samples = await session.measureRounds({
      contenders: await readServers(work, settings.servers),
      rounds: settings.rounds,
      independent: true,
      measure: (server) => measureServer(server, work, calls, { smoke: session.form === "smoke", ...settings }),
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
    const { name, keys } = await import(url);
    return { name, keys, url };
  });
  return (await Promise.all(servers)).filter(({ keys }) => keys?.includes(key) ?? true);
}

/** A fresh process each time: none lives on what the work before has warmed, or suffers from its heap. */
async function measureServer(server, work, calls, { smoke, warm, slice, ...settings }) {
  const started = await startChild(child, [server.url, work.key]);
  try {
    const port = await started.ask({ kind: "port" });
    await checkRefusals(server, port, work);
    if (work.key === "connect-json") await checkJson(server, port);
    const run = (milliseconds, atLeast, each = work) =>
      loadServer(each, calls, { port, milliseconds, atLeast, ...settings });
    for (const each of smoke ? worksOf(server, work) : []) await run(warm, 1, each);
    await run(warm, (warm * 5) / work.messages);
    const cpuBefore = await started.ask({ kind: "cpu" });
    const start = performance.now();
    const messages = work.messages * (await run(slice, 1));
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

/** All works that the server can be loaded with. */
function worksOf({ keys }, { protocol }) {
  return works.filter((each) => each.protocol === protocol && (keys?.includes(each.key) ?? true));
}

/** Makes the calls of a work. Returns their number. */
function loadServer(work, { createConnectRequest, createGrpcCall }, { inFlight, ...options }) {
  return work.protocol === "grpc"
    ? loadCalls({ call: createGrpcCall(work), inFlight, ...options })
    : load({ requests: [createConnectRequest(work)], connections: inFlight, ...options });
}
