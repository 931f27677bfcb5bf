import { toRows } from "../harness/rows.mjs";
import { buildPotter } from "../potter/build.mjs";
import { Contender } from "./contender.mjs";
import { contenders, floor } from "./contenders.mjs";
import { tasks } from "./tasks/index.mjs";

export { works } from "./works.mjs";

export const versions = ["pg", "@dbos-inc/dbos-sdk", "@restatedev/restate-sdk"];

/** `warm`, `slice`: milliseconds. `tasks`: what is otherwise in some; `running`: workflows that run at the same time. */
export const forms = {
  smoke: {
    works: ["steps3-32", "finished-100", "timers-100", "recovery"],
    rounds: 1,
    warm: 0,
    slice: 50,
    tasks: {
      recovery: { running: 10 },
      memory: { running: 10 },
      timers: { idle: 100, firing: 10, within: 100 },
    },
  },
  quick: {
    works: ["steps3-1", "steps3-32", "recovery"],
    minutes: 3,
    rounds: 6,
    warm: 500,
    slice: 1_000,
    tasks: {
      recovery: { running: 1_000, rounds: 1 },
      memory: { running: 1_000 },
      timers: { idle: 5_000, firing: 500, within: 5_000, rounds: 1 },
    },
  },
  full: {
    minutes: 20,
    rounds: 10,
    warm: 1_000,
    slice: 1_500,
    tasks: {
      recovery: { running: 1_000, rounds: 3 },
      memory: { running: 5_000, rounds: 3 },
      timers: { idle: 10_000, firing: 1_000, within: 5_000, rounds: 3 },
    },
  },
};

export async function run(session) {
  await buildPotter();
  const postgres = await session.postgres();
  const opened = available().map((one) => new Contender(one, postgres));
  try {
    await session.eachWork((work) =>
      measureWork(
        session,
        work,
        opened.filter((contender) => contender.tasks.includes(work.task)),
      ),
    );
  } finally {
    await Promise.all(opened.map((contender) => contender.stop()));
  }
}

/** The contenders whose programs are there. The others are named, never passed over in silence. */
function available() {
  return contenders.flatMap(({ find, ...contender }) => {
    try {
      return [{ ...contender, programs: find?.() }];
    } catch (error) {
      process.stderr.write(`\n*** SKIPPED: ${contender.name}: ${error.message}\n\n`);
      return [];
    }
  });
}

async function measureWork(session, work, able) {
  const settings = { ...session.settings, ...session.settings.tasks[work.task] };
  const { prepare, measure, units } = tasks[work.task];
  for (const contender of able) await prepare(contender, work, settings);
  const samples = await session.measureRounds({
    contenders: able,
    rounds: settings.rounds,
    independent: true,
    measure: (contender) => measure(contender, work, settings),
  });
  return Object.entries(units).flatMap(([figure, unit]) => {
    // Not every contender has every figure: Restate sends nothing to PostgreSQL.
    const of = [...samples].flatMap(([contender, values]) => (values[figure] ? [[contender, values[figure]]] : []));
    return of.length === 0 ? [] : toRows({ work: work.title, unit, floor, samples: new Map(of) });
  });
}
