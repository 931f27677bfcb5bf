import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { pinParent, startChild } from "../harness/child.mjs";
import { toRowsOfUnits } from "../harness/rows.mjs";
import { buildPotter } from "../potter/build.mjs";
import { Audience } from "./audience.mjs";

const folder = new URL("servers/", import.meta.url);
const child = fileURLToPath(new URL("server-child.mjs", import.meta.url));
const floor = "ws + graphql-jit (floor)";
export const versions = ["graphql", "graphql-jit", "ws", "mercurius", "fastify", "graphql-yoga", "graphql-ws"];

const accounts = Array.from({ length: 100 }, (_, at) => `account-${at}`);

/** `listeners`: whom the subscriptions follow, in turns. */
export const works = [
  {
    key: "topics",
    title: "10,000 subscriptions, 100 events/s, each for 100 of them",
    perSecond: 100,
    listeners: accounts,
    share: accounts.length,
  },
  {
    key: "all",
    title: "10,000 subscriptions, 1 event/s, each for all of them",
    perSecond: 1,
    listeners: [undefined],
    share: 1,
  },
];

const units = [
  "CPU µs/delivery",
  "ms until delivered, median",
  "ms until delivered, p99",
  "kB/subscription, living",
  "kB/subscription, resident",
];

export const forms = {
  smoke: { rounds: 1, subscriptions: 200, warm: 0, seconds: 0.5, settle: 0.1 },
  quick: {
    minutes: 3,
    rounds: 2,
    subscriptions: 10_000,
    warm: 2,
    seconds: 5,
    settle: 1,
    servers: ["ws-graphql-jit.mjs", "potter.mjs"],
  },
  full: { minutes: 15, rounds: 3, subscriptions: 10_000, warm: 3, seconds: 10, settle: 1 },
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
      measure: (server) => measureServer(server, work, settings),
    });
    return toRowsOfUnits({
      work: work.title,
      units: Object.fromEntries(units.map((unit) => [unit, unit])),
      floor,
      samples,
    });
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
