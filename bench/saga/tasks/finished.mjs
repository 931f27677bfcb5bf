import { throughput } from "./throughput.mjs";

/** How many workflows end in a second when many others have ended before: tables and indexes are large then. */
export const finished = {
  units: throughput.units,
  async prepare(contender, work, settings) {
    await contender.anew();
    const worker = await contender.worker();
    // The copies are of workflows that the contender itself has run.
    await throughput.prepare(contender, work, { warm: Math.max(1, settings.warm) });
    await worker.ask({ kind: "multiply", count: work.finished });
  },
  measure: throughput.measure,
};
