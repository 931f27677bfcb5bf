import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { pinParent, startChild } from "../harness/child.mjs";
import { load } from "../harness/load.mjs";
import { toRowsOfUnits } from "../harness/rows.mjs";
import { buildPotter } from "../potter/build.mjs";
import { checkAnswers } from "./check.mjs";
import { createWorks } from "./works.mjs";

const folder = new URL("servers/", import.meta.url);
const child = fileURLToPath(new URL("../harness/server-child.mjs", import.meta.url));
const floor = "node:http + graphql-jit, documents kept (floor)";
const units = Object.fromEntries(["CPU µs/request", "req/s", "server busy %"].map((unit) => [unit, unit]));

export const works = createWorks();

export const versions = [
  "graphql",
  "graphql-jit",
  "mercurius",
  "fastify",
  "@apollo/server",
  "graphql-yoga",
  "dataloader",
  "@bufbuild/protobuf",
];

export const forms = {
  // Every server's answers to both works are checked, whichever it is loaded with.
  smoke: { works: ["orders"], rounds: 1, warm: 1, slice: 50, connections: 8 },
  quick: {
    minutes: 2.5,
    rounds: 5,
    warm: 1_500,
    slice: 1_000,
    connections: 32,
    servers: ["node-graphql-jit.mjs", "mercurius-jit.mjs", "potter.mjs"],
  },
  full: { minutes: 12, rounds: 7, warm: 2_000, slice: 2_000, connections: 32 },
};

export async function run(session) {
  const { settings } = session;
  await buildPotter();
  const contenders = await readServers(settings.servers);
  const unpin = pinParent();
  await session.eachWork(async (work) => {
    const samples = await session.measureRounds({
      contenders,
      rounds: settings.rounds,
      independent: true,
      measure: (server) => measureServer(server, work, { smoke: session.form === "smoke", ...settings }),
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
      const { name } = await import(url);
      return { name, url };
    }),
  );
}

/** A fresh process each time: nobody lives on what the work before has warmed, or suffers from its heap. */
async function measureServer(server, work, { smoke, warm, slice, connections }) {
  const started = await startChild(child, [server.url]);
  try {
    const port = await started.ask({ kind: "port" });
    for (const each of smoke ? works : [work]) await checkAnswers(server, port, each);
    const { requests } = work;
    await load({ port, requests, connections, milliseconds: warm, atLeast: warm });
    const cpuBefore = await started.ask({ kind: "cpu" });
    const start = performance.now();
    const count = await load({ port, requests, connections, milliseconds: slice });
    const milliseconds = performance.now() - start;
    const cpu = (await started.ask({ kind: "cpu" })) - cpuBefore;
    return {
      "req/s": (count / milliseconds) * 1_000,
      "CPU µs/request": cpu / count,
      "server busy %": cpu / milliseconds / 10,
    };
  } finally {
    await started.stop();
  }
}
