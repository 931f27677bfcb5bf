import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { startChild } from "../harness/child.mjs";
import { toRowsOfUnits } from "../harness/rows.mjs";
import { buildPotter } from "../potter/build.mjs";

export { works } from "./works.mjs";

export const versions = ["@event-driven-io/emmett", "@nestjs/cqrs", "@bufbuild/protobuf", "@bufbuild/protovalidate"];

export const forms = {
  smoke: { works: ["trivial", "append-1k", "load"], rounds: 1, warm: 1, slice: 20 },
  quick: { works: ["trivial", "append-1k", "load"], minutes: 1.5, rounds: 7, warm: 700, slice: 200 },
  full: { minutes: 8, rounds: 9, warm: 1_000, slice: 300 },
};

const folder = new URL("contenders/", import.meta.url);
const child = fileURLToPath(new URL("slice-child.mjs", import.meta.url));
const floor = "hand-written (floor)";

export async function run(session) {
  await buildPotter();
  const contenders = await readContenders();
  await session.eachWork((work) => {
    const able = contenders.filter((contender) => work.task in contender.tasks && !contender.skip?.includes(work.key));
    return measureWork(session, work, able);
  });
}

async function readContenders() {
  const files = readdirSync(folder).filter((file) => file.endsWith(".mjs"));
  return Promise.all(
    files.map(async (file) => {
      const url = new URL(file, folder).href;
      return { ...(await import(url)), url };
    }),
  );
}

async function measureWork(session, work, contenders) {
  const { rounds, warm, slice } = session.settings;
  const isSmoke = session.form === "smoke";
  const args = [work.key, ...(isSmoke ? ["--smoke"] : [])];
  const children = new Map();
  try {
    await Promise.all(
      contenders.map(async (contender) => {
        children.set(contender, await startChild(child, [contender.url, ...args], { pinned: !isSmoke }));
      }),
    );
    if (!isSmoke) for (const one of children.values()) await one.ask({ kind: "slice", milliseconds: warm });
    const samples = await session.measureRounds({
      contenders,
      rounds,
      independent: true,
      measure: async (contender) => ({
        rate: await children.get(contender).ask({ kind: "slice", milliseconds: slice }),
      }),
    });
    return toRowsOfUnits({ work: work.title, units: { rate: "ops/s" }, floor, samples });
  } finally {
    await Promise.all([...children.values()].map((started) => started.stop()));
  }
}
