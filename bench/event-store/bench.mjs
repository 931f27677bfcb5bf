import { fileURLToPath } from "node:url";
import { reportSkipped, start } from "../../scripts/services.mjs";
import { startChild } from "../harness/child.mjs";
import { toRows } from "../harness/report.mjs";
import { publish } from "../harness/results.mjs";
import { measureRounds } from "../harness/rounds.mjs";
import { buildPotter } from "../potter/build.mjs";
import { connections, works } from "./works.mjs";

const child = fileURLToPath(new URL("child.mjs", import.meta.url));
const floor = "INSERT (floor)";

/** `only`: keys of works, to look at some of them while tuning. Their figures are printed and not kept. */
export async function run({ smoke, only = [] }) {
  // `streams`: on which appends with an expected version take turns, and which loads read.
  const settings = smoke
    ? { rounds: 1, warm: 20, slice: 40, streams: 16 }
    : { rounds: 15, warm: 1_000, slice: 500, streams: 64 };
  await buildPotter();
  const services = await start(["postgres"]);
  reportSkipped(services.skipped);
  if (services.skipped.length > 0) throw new Error("event-store is measured on a real PostgreSQL");
  try {
    const chosen = only.length > 0 ? works.filter(({ key }) => only.includes(key)) : works;
    const rows = await measure(services.env.POTTER_POSTGRES_URL, chosen, settings);
    publish({
      name: "event-store",
      rows,
      versions,
      settings: { ...settings, connections },
      smoke: smoke || only.length > 0,
    });
  } finally {
    await services.stop();
  }
}

async function measure(url, chosen, settings) {
  const process = await startChild(child, [url], { pinned: false });
  try {
    const contenders = await process.ask({ kind: "open" });
    const rows = [];
    for (const work of chosen) rows.push(...(await measureWork(process, contenders, work, settings)));
    await process.ask({ kind: "close" });
    return rows;
  } finally {
    await process.stop();
  }
}

async function measureWork(process, all, work, { rounds, warm, slice, streams }) {
  const contenders = all.filter(({ leaves }) => !leaves.includes(work.key));
  const ask = (kind, contender, milliseconds) =>
    process.ask({ kind, contender: contender.name, work: work.key, milliseconds, streams });
  for (const contender of contenders) {
    await ask("prepare", contender);
    await ask("slice", contender, warm);
  }
  const samples = await measureRounds({
    contenders,
    rounds,
    measure: async (contender) => {
      // Appends start from empty tables at every slice, or the faster would pay for what they wrote before.
      if (work.task !== "load") await ask("prepare", contender);
      return ask("slice", contender, slice);
    },
  });
  const of = (figure) => new Map([...samples].map(([contender, figures]) => [contender, figures[figure]]));
  return [
    ...toRows({ work: work.title, unit: "ops/s", floor, samples: of("rate") }),
    ...toRows({ work: work.title, unit: "Node CPU µs/op", floor, samples: of("cpu") }),
  ];
}

const versions = [
  "pg",
  "@event-driven-io/emmett-postgresql",
  "@castore/event-storage-adapter-postgres",
  "@eventide/message-db",
  "@electric-sql/pglite",
  "@bufbuild/protobuf",
];
