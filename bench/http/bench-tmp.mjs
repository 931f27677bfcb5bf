import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { pinParent, startChild } from "../harness/child.mjs";
import { toRows } from "../harness/report.mjs";
import { publish } from "../harness/results.mjs";
import { measureRounds } from "../harness/rounds.mjs";
import { buildPotter } from "../potter/build.mjs";
import { load } from "./load.mjs";
import { badRequest, request } from "./order.mjs";

const folder = new URL("servers/", import.meta.url);
const child = fileURLToPath(new URL("server-child.mjs", import.meta.url));
const floor = "node:http + ajv, hand-written (floor)";
const body = JSON.stringify(request);
const bodyStart = '{"orderId":"';

export async function run({ smoke }) {
  const settings = smoke
    ? { rounds: 1, warm: 100, slice: 150, connections: 8 }
    : { rounds: 7, warm: 1_500, slice: 2_000, connections: 32 };

  const contenders = await readServers();
  const unpin = pinParent();
  const samples = await measureRounds({
    contenders,
    rounds: settings.rounds,
    measure: (server) => measureServer(server, settings),
  });
  unpin();
  const rows = ["CPU µs/request", "req/s", "server busy %"].flatMap((unit) =>
    toRows({
      work: "place an order over REST",
      unit,
      floor,
      samples: new Map([...samples].map(([server, figures]) => [server, figures[unit]])),
    }),
  );
  publish({ name: "http", rows, versions: ["fastify", "hono", "@hono/node-server", "ajv"], settings, smoke });
}

async function readServers() {
  const files = readdirSync(folder).filter((file) => file.endsWith(".mjs"));
  return Promise.all(
    files.map(async (file) => {
      const url = new URL(file, folder).href;
      const { name, keeps = true } = await import(url);
      return { name, keeps, url };
    }),
  );
}

/** A fresh process each time, so that the orders of one slice do not burden the heap of the next. */
async function measureServer(server, { warm, slice, connections }) {
  const started = await startChild(child, [server.url]);
  try {
    const port = await started.ask({ kind: "port" });
    if (server.keeps) await checkAnswers(server, port);
    const placed = await load({ port, body, bodyStart, connections, milliseconds: warm });
    const cpuBefore = await started.ask({ kind: "cpu" });
    const start = performance.now();
    const count = await load({ port, body, bodyStart, connections, milliseconds: slice });
    const milliseconds = performance.now() - start;
    const cpu = (await started.ask({ kind: "cpu" })) - cpuBefore;
    const kept = await started.ask({ kind: "size" });
    if (server.keeps && kept !== 1 + placed + count) {
      throw new Error(`${server.name} keeps ${kept} orders instead of ${1 + placed + count}`);
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

/** One good order is placed, a bad one and an unknown route are refused. */
async function checkAnswers(server, port) {
  const post = (path, data) =>
    fetch(`http://127.0.0.1:${port}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", connection: "close" },
      body: JSON.stringify(data),
    });
  const good = await post("/v1/orders", request);
  const answer = await good.json();
  if (good.status !== 200 || Object.keys(answer).join() !== "orderId" || answer.orderId.length < 20) {
    throw new Error(`${server.name} answers ${good.status} ${JSON.stringify(answer)}`);
  }
  for (const [path, data, status] of [
    ["/v1/orders", badRequest, 400],
    ["/v1/orders", { ...request, lines: [{ ...request.lines[0], quantity: "many" }] }, 400],
    ["/v1/orders", { ...request, colour: "red" }, 400],
    ["/v1/unknown", request, 404],
  ]) {
    const refused = await post(path, data);
    await refused.text();
    if (refused.status !== status) throw new Error(`${server.name} answers ${refused.status} instead of ${status}`);
  }
}
