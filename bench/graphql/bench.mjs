import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { pinParent, startChild } from "../harness/child.mjs";
import { load } from "../harness/load.mjs";
import { toRows } from "../harness/report.mjs";
import { publish } from "../harness/results.mjs";
import { measureRounds } from "../harness/rounds.mjs";
import { buildPotter } from "../potter/build.mjs";
import { checkAnswers } from "./check.mjs";
import { works } from "./works.mjs";

const folder = new URL("servers/", import.meta.url);
const child = fileURLToPath(new URL("../harness/server-child.mjs", import.meta.url));
const floor = "node:http + graphql-jit, documents kept (floor)";
const versions = [
  "graphql",
  "graphql-jit",
  "mercurius",
  "fastify",
  "@apollo/server",
  "graphql-yoga",
  "dataloader",
  "@bufbuild/protobuf",
];

export async function run({ smoke, only }) {
  const settings = smoke
    ? { rounds: 1, warm: 100, slice: 150, connections: 8 }
    : { rounds: 7, warm: 2_000, slice: 2_000, connections: 32 };
  await buildPotter();
  const contenders = await readServers();
  const unpin = pinParent();
  const rows = [];
  for (const work of works().filter(({ name }) => only === undefined || only.includes(name))) {
    const samples = await measureRounds({
      contenders,
      rounds: settings.rounds,
      measure: (server) => measureServer(server, work, settings),
    });
    for (const unit of ["CPU µs/request", "req/s", "server busy %"]) {
      const figures = new Map([...samples].map(([server, of]) => [server, of[unit]]));
      rows.push(...toRows({ work: work.title, unit, floor, samples: figures }));
    }
  }
  unpin();
  publish({ name: "graphql", rows, versions, settings, smoke: smoke || only !== undefined });
}

async function readServers() {
  const files = readdirSync(folder).filter((file) => file.endsWith(".mjs"));
  return Promise.all(
    files.map(async (file) => {
      const url = new URL(file, folder).href;
      const { name } = await import(url);
      return { name, url };
    }),
  );
}

/** A fresh process each time: nobody lives on what the work before has warmed, or suffers from its heap. */
async function measureServer(server, work, { warm, slice, connections }) {
  const started = await startChild(child, [server.url]);
  try {
    const port = await started.ask({ kind: "port" });
    await checkAnswers(server, port, work);
    const { requests } = work;
    await load({ port, requests, connections, milliseconds: warm });
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
