import { fileURLToPath } from "node:url";
import { startChild } from "../harness/child.mjs";
import { toRowsOfUnits } from "../harness/rows.mjs";
import { buildPotter } from "../potter/build.mjs";
import { units } from "./pay.mjs";
import { floors } from "./works.mjs";

export { works } from "./works.mjs";

export const versions = ["pg", "@event-driven-io/emmett", "@event-driven-io/emmett-postgresql", "@bufbuild/protobuf"];

export const forms = {
  smoke: { works: ["postgres-1", "postgres-20", "memory-20"], rounds: 1, warm: 1, slice: 50 },
  quick: {
    works: ["postgres-1", "postgres-20", "postgres-100", "memory-20"],
    minutes: 2,
    rounds: 4,
    warm: 400,
    slice: 1_000,
  },
  full: { minutes: 15, rounds: 5, warm: 500, slice: 2_000 },
};

const child = fileURLToPath(new URL("child.mjs", import.meta.url));

export async function run(session) {
  await buildPotter();
  const process = await startChild(child, [await session.postgres()], { pinned: false });
  try {
    const contenders = await process.ask({ kind: "open" });
    await session.eachWork((work) => {
      const able = contenders.filter(({ on }) => on === work.on);
      return measureWork(session, process, able, work);
    });
    await process.ask({ kind: "close" });
  } finally {
    await process.stop();
  }
}

async function measureWork(session, process, contenders, work) {
  const { rounds, warm, slice } = session.settings;
  const ask = (contender, milliseconds) =>
    process.ask({ kind: "slice", contender: contender.name, work, milliseconds });
  if (session.form !== "smoke") for (const contender of contenders) await ask(contender, warm);
  const samples = await session.measureRounds({ contenders, rounds, measure: (contender) => ask(contender, slice) });
  return toRowsOfUnits({ work: work.title, units, floor: floors[work.on], samples });
}
