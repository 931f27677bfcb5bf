import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { pinParent, startChild } from "../harness/child.mjs";
import { toRows } from "../harness/report.mjs";
import { publish } from "../harness/results.mjs";
import { measureRounds } from "../harness/rounds.mjs";
import { buildPotter } from "../potter/build.mjs";
import { Audience } from "./audience.mjs";

const folder = new URL("servers/", import.meta.url);
const child = fileURLToPath(new URL("server-child.mjs", import.meta.url));
const floor = "ws + graphql-jit (floor)";
const versions = ["graphql", "graphql-jit", "ws", "mercurius", "fastify", "graphql-yoga", "graphql-ws"];

const accounts = Array.from({ length: 100 }, (_, at) => `account-${at}`);

/** `listeners`: whom the subscriptions follow, in turns. */
const works = [
  { name: "topics", perSecond: 100, listeners: accounts, share: accounts.length },
  { name: "all", perSecond: 1, listeners: [undefined], share: 1 },
];

const units = [
  "CPU µs/delivery",
  "ms until delivered, median",
  "ms until delivered, p99",
  "kB/subscription, living",
  "kB/subscription, resident",
];

export async function run({ smoke, only }) {
  const settings = smoke
    ? { rounds: 1, subscriptions: 200, warm: 0, seconds: 1, settle: 0.2 }
    : { rounds: 3, subscriptions: 10_000, warm: 3, seconds: 10, settle: 1 };
  await buildPotter();
  const contenders = await readServers();
  const unpin = pinParent();
  const rows = [];
  for (const work of works.filter(({ name }) => only === undefined || only.includes(name))) {
    const title = titleOf(work, settings);
    const samples = await measureRounds({
      contenders,
      rounds: settings.rounds,
      measure: (server) => measureServer(server, work, settings),
    });
    for (const unit of units) {
      const figures = new Map([...samples].map(([server, of]) => [server, of[unit]]));
      rows.push(...toRows({ work: title, unit, floor, samples: figures }));
    }
  }
  unpin();
  publish({ name: "graphql-fanout", rows, versions, settings, smoke: smoke || only !== undefined });
}

function titleOf({ perSecond, share }, { subscriptions }) {
  const to = share === 1 ? "all of them" : `${subscriptions / share} of them`;
  return `${subscriptions.toLocaleString("en-US")} subscriptions, ${perSecond} events/s, each for ${to}`;
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

async function measureServer(server, { perSecond, listeners, share }, { subscriptions, warm, seconds, settle }) {
  const started = await startChild(child, [server.url]);
  const audience = new Audience();
  try {
    const port = await started.ask({ kind: "port" });
    let first = 0;
    /** Returns the delays of all deliveries. */
    const happen = async (count) => {
      audience.begin();
      first += await started.ask({ kind: "publish", accounts, perSecond, count, first });
      return audience.received((count * subscriptions) / share);
    };
    const before = await started.ask({ kind: "memory" });
    await audience.open({ port, count: subscriptions, accounts: listeners });
    // What has been subscribed last is under way still.
    await new Promise((resolve) => setTimeout(resolve, settle * 1_000));
    const after = await started.ask({ kind: "memory" });
    await happen(Math.max(share, Math.round(perSecond * warm)));
    const cpuBefore = await started.ask({ kind: "cpu" });
    const delays = await happen(Math.ceil(perSecond * seconds));
    const cpu = (await started.ask({ kind: "cpu" })) - cpuBefore;
    const figures = [
      cpu / delays.length,
      delays[delays.length >> 1],
      delays[Math.floor(delays.length * 0.99)],
      (after.living - before.living) / subscriptions / 1_000,
      (after.resident - before.resident) / subscriptions / 1_000,
    ];
    return Object.fromEntries(units.map((unit, at) => [unit, figures[at]]));
  } catch (error) {
    throw new Error(`${server.name}: ${error.message}`, { cause: error });
  } finally {
    audience.close();
    await started.stop();
  }
}
