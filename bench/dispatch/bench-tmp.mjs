import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { startChild } from "../harness/child.mjs";
import { toRows } from "../harness/report.mjs";
import { publish } from "../harness/results.mjs";
import { measureRounds } from "../harness/rounds.mjs";
import { buildPotter } from "../potter/build.mjs";
import { works } from "./works.mjs";

const folder = new URL("contenders/", import.meta.url);
const child = fileURLToPath(new URL("slice-child.mjs", import.meta.url));
const floor = "hand-written (floor)";

export async function run({ smoke }) {
  const settings = smoke ? { rounds: 2, warm: 20, slice: 20 } : { rounds: 9, warm: 1_000, slice: 300 };

  const contenders = await readContenders();
  const rows = [];
  for (const work of works) {
    const able = contenders.filter((contender) => work.task in contender.tasks && !contender.skip?.includes(work.key));
    rows.push(...(await measureWork(work, able, settings, smoke)));
  }
  const versions = ["@event-driven-io/emmett", "@nestjs/cqrs", "@bufbuild/protobuf", "@bufbuild/protovalidate"];
  publish({ name: "dispatch", rows, versions, settings, smoke });
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

async function measureWork(work, contenders, settings, smoke) {
  const children = new Map();
  try {
    for (const contender of contenders) {
      const started = await startChild(child, [contender.url, work.key, ...(smoke ? ["--smoke"] : [])]);
      children.set(contender, started);
      await started.ask({ kind: "slice", milliseconds: settings.warm });
    }
    const samples = await measureRounds({
      contenders,
      rounds: settings.rounds,
      measure: async (contender) => ({
        rate: await children.get(contender).ask({ kind: "slice", milliseconds: settings.slice }),
      }),
    });
    return toRows({
      work: work.title,
      unit: "ops/s",
      floor,
      samples: new Map([...samples].map(([contender, { rate }]) => [contender, rate])),
    });
  } finally {
    for (const started of children.values()) await started.stop();
  }
}
