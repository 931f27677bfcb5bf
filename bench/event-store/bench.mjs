import { fileURLToPath } from "node:url";
import { reportSkipped, start } from "../../scripts/services.mjs";
import { startChild } from "../harness/child.mjs";
import { toRows } from "../harness/report.mjs";
import { publish } from "../harness/results.mjs";
import { measureRounds } from "../harness/rounds.mjs";
import { buildPotter } from "../potter/build.mjs";
import { tasks } from "./tasks/index.mjs";
import { connections, works } from "./works.mjs";

const child = fileURLToPath(new URL("child.mjs", import.meta.url));
const floor = "INSERT (floor)";

/** `only`: keys of works, to measure some of them while tuning. Their results are printed and not stored. */
export async function run({ smoke, only = [] }) {
  // `streams`: on which appends with an expected version take turns, and which loads read. `scale`: of the works that begin
  // with many events. `works`: what is otherwise in some.
  const settings = smoke
    ? { rounds: 1, warm: 20, slice: 40, streams: 16, scale: 0.005, works: {} }
    : {
        rounds: 15,
        warm: 1_000,
        slice: 500,
        streams: 64,
        scale: 1,
        works: { appendGrown: { rounds: 9 }, rebuild: { rounds: 7 }, visible: { rounds: 7, slice: 3_000 } },
      };
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

async function measureWork(process, all, work, settings) {
  const { rounds = settings.rounds, slice = settings.slice } = settings.works[work.task] ?? {};
  const contenders = all.filter(({ works }) => works.includes(work.key));
  const task = tasks[work.task];
  const ask = (kind, contender, milliseconds) =>
    process.ask({ kind, contender: contender.name, work: work.key, milliseconds, settings });
  for (const contender of contenders) {
    await ask("prepare", contender);
    await ask("slice", contender, settings.warm);
  }
  const samples = await measureRounds({
    contenders,
    rounds,
    measure: async (contender) => {
      if (task.anew(work)) await ask("prepare", contender);
      return ask("slice", contender, slice);
    },
  });
  for (const contender of contenders) await ask("leave", contender);
  return Object.entries(task.units).flatMap(([figure, unit]) =>
    toRows({
      work: work.title,
      unit,
      floor,
      samples: new Map([...samples].map(([contender, figures]) => [contender, figures[figure]])),
    }),
  );
}

const versions = [
  "pg",
  "@event-driven-io/emmett-postgresql",
  "@castore/event-storage-adapter-postgres",
  "@eventide/message-db",
  "@electric-sql/pglite",
  "@bufbuild/protobuf",
];
