import { fileURLToPath } from "node:url";
import { startChild } from "../harness/child.mjs";
import { toRowsOfUnits } from "../harness/rows.mjs";
import { buildPotter } from "../potter/build.mjs";
import { tasks } from "./tasks/index.mjs";

export { works } from "./works.mjs";

export const versions = [
  "pg",
  "@event-driven-io/emmett-postgresql",
  "@castore/event-storage-adapter-postgres",
  "@eventide/message-db",
  "@electric-sql/pglite",
  "@bufbuild/protobuf",
];

/**
 * `streams`: on which appends with an expected version take turns, and which loads read. `scale`: of the works that begin
 * with many events. `tasks`: what is otherwise in some.
 */
export const forms = {
  smoke: {
    works: ["new-16", "next-1", "load-10", "grown-4", "rebuild-few", "visible"],
    rounds: 1,
    warm: 0,
    slice: 30,
    streams: 16,
    scale: 0.005,
    tasks: { visible: { slice: 100 } },
  },
  quick: {
    works: ["new-1", "new-16", "new-64", "next-16", "load-100", "rebuild-few", "visible"],
    minutes: 3,
    rounds: 5,
    warm: 400,
    slice: 300,
    streams: 64,
    scale: 1,
    tasks: { rebuild: { rounds: 2, warm: 0 }, visible: { rounds: 3, slice: 2_000, warm: 500 } },
  },
  full: {
    minutes: 30,
    rounds: 12,
    warm: 1_000,
    slice: 500,
    streams: 64,
    scale: 1,
    tasks: { appendGrown: { rounds: 9 }, rebuild: { rounds: 5 }, visible: { rounds: 7, slice: 3_000 } },
  },
};

const child = fileURLToPath(new URL("child.mjs", import.meta.url));
const floor = "INSERT (floor)";

export async function run(session) {
  await buildPotter();
  const process = await startChild(child, [await session.postgres()], { pinned: false });
  try {
    const contenders = await process.ask({ kind: "open" });
    await session.eachWork((work) => measureWork(session, process, contenders, work));
    await process.ask({ kind: "close" });
  } finally {
    await process.stop();
  }
}

async function measureWork(session, process, all, work) {
  const { settings } = session;
  const { rounds, slice, warm } = { ...settings, ...settings.tasks[work.task] };
  const contenders = all.filter(({ works }) => works.includes(work.key));
  const task = tasks[work.task];
  const ask = (kind, contender, milliseconds) =>
    process.ask({ kind, contender: contender.name, work: work.key, milliseconds, settings });
  for (const contender of contenders) {
    await ask("prepare", contender);
    if (warm > 0) await ask("slice", contender, warm);
  }
  const samples = await session.measureRounds({
    contenders,
    rounds,
    measure: async (contender, round) => {
      if (task.anew(work) && (round > 0 || warm > 0)) await ask("prepare", contender);
      return ask("slice", contender, slice);
    },
  });
  for (const contender of contenders) await ask("leave", contender);
  return toRowsOfUnits({ work: work.title, units: task.units, floor, samples });
}
