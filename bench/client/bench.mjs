import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { pinParent, startChild } from "../harness/child.mjs";
import { toRowsOfUnits } from "../harness/rows.mjs";
import { buildPotter } from "../potter/build.mjs";
import { bundleClient } from "./bundle.mjs";
import { startServer } from "./server.mjs";

const folder = new URL("clients/", import.meta.url);
const bundles = new URL("dist/", import.meta.url);
const child = fileURLToPath(new URL("client-child.mjs", import.meta.url));
const floor = "fetch, hand-written (floor)";

export const works = [
  { key: "size", title: "the code of a web page that makes one call", units: ["kB gzip", "kB minified"] },
  { key: "in-process", title: "a call whose fetch answers at once", units: ["CPU µs/call"] },
  { key: "http", title: "a call over HTTP/1.1", units: ["CPU µs/call"] },
];

export const versions = [
  "@connectrpc/connect",
  "@connectrpc/connect-web",
  "@trpc/client",
  "openapi-fetch",
  "@bufbuild/protobuf",
  "esbuild",
];

export const forms = {
  smoke: { rounds: 1, warm: 1, slice: 20, inFlight: 4 },
  quick: { minutes: 2.5, rounds: 5, warm: 1_000, slice: 1_000, inFlight: 32 },
  full: { minutes: 8, rounds: 7, warm: 1_500, slice: 2_000, inFlight: 32 },
};

export async function run(session) {
  const { settings } = session;
  await buildPotter();
  const clients = await bundleClients();
  const unpin = pinParent();
  await session.eachWork(async ({ key, title, units }) => {
    const samples = await session.measureRounds({
      contenders: clients,
      rounds: key === "size" ? 1 : settings.rounds,
      independent: true,
      measure: async (client) => (key === "size" ? client.sizes : measureCalls(client, key, settings)),
    });
    return toRowsOfUnits({ work: title, units: Object.fromEntries(units.map((unit) => [unit, unit])), floor, samples });
  });
  unpin();
}

/** What is measured is the code of the web page, in Node. */
function bundleClients() {
  const files = readdirSync(folder).filter((file) => /\.(mjs|ts)$/.test(file));
  return Promise.all(
    files.map(async (file) => {
      const bundle = new URL(file.replace(/\.ts$/, ".mjs"), bundles);
      const { gzip, minified } = await bundleClient(fileURLToPath(new URL(file, folder)), fileURLToPath(bundle));
      const { name } = await import(bundle.href);
      return { name, url: bundle.href, sizes: { "kB gzip": gzip / 1_000, "kB minified": minified / 1_000 } };
    }),
  );
}

/** A fresh process each time: none lives on what the work before has warmed, or suffers from its heap. */
async function measureCalls(client, key, { warm, slice, inFlight }) {
  const server = key === "http" ? await startServer() : undefined;
  const started = await startChild(child, [client.url]);
  try {
    const run = (milliseconds, atLeast) =>
      started.ask({ kind: "run", port: server?.port, milliseconds, atLeast, inFlight });
    await run(warm, warm * 5);
    const cpuBefore = await started.ask({ kind: "cpu" });
    const count = await run(slice, 1);
    const cpu = (await started.ask({ kind: "cpu" })) - cpuBefore;
    return { "CPU µs/call": cpu / count };
  } catch (error) {
    throw new Error(`${client.name}: ${error.message}`, { cause: error });
  } finally {
    await started.stop();
    server?.close();
  }
}
