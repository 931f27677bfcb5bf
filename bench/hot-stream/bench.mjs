import { fileURLToPath } from "node:url";
import { reportSkipped, start } from "../../scripts/services.mjs";
import { startChild } from "../harness/child.mjs";
import { toRows } from "../harness/report.mjs";
import { publish } from "../harness/results.mjs";
import { measureRounds } from "../harness/rounds.mjs";
import { buildPotter } from "../potter/build.mjs";
import { units } from "./pay.mjs";
import { connections, floors, works } from "./works.mjs";

const child = fileURLToPath(new URL("child.mjs", import.meta.url));

export async function run({ smoke }) {
  const settings = smoke ? { rounds: 1, warm: 20, slice: 100 } : { rounds: 5, warm: 500, slice: 2_000 };
  await buildPotter();
  const services = await start(["postgres"]);
  reportSkipped(services.skipped);
  if (services.skipped.length > 0) throw new Error("hot-stream is measured on a real PostgreSQL");
  try {
    const rows = await measure(services.env.POTTER_POSTGRES_URL, settings);
    publish({ name: "hot-stream", rows, versions, settings: { ...settings, connections }, smoke });
  } finally {
    await services.stop();
  }
}

async function measure(url, settings) {
  const process = await startChild(child, [url], { pinned: false });
  try {
    const contenders = await process.ask({ kind: "open" });
    const rows = [];
    for (const work of works) {
      const able = contenders.filter(({ on }) => on === work.on);
      rows.push(...(await measureWork(process, able, work, settings)));
    }
    await process.ask({ kind: "close" });
    return rows;
  } finally {
    await process.stop();
  }
}

async function measureWork(process, contenders, work, { rounds, warm, slice }) {
  const ask = (contender, milliseconds) =>
    process.ask({ kind: "slice", contender: contender.name, work, milliseconds });
  for (const contender of contenders) await ask(contender, warm);
  const samples = await measureRounds({ contenders, rounds, measure: (contender) => ask(contender, slice) });
  return Object.entries(units).flatMap(([figure, unit]) =>
    toRows({
      work: work.title,
      unit,
      floor: floors[work.on],
      samples: new Map([...samples].map(([contender, figures]) => [contender, figures[figure]])),
    }),
  );
}

const versions = ["pg", "@event-driven-io/emmett", "@event-driven-io/emmett-postgresql", "@bufbuild/protobuf"];
