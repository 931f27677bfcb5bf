import { setTimeout as sleep } from "node:timers/promises";
import { median } from "../../harness/rounds.mjs";

/** What pending timers cost a worker that has nothing to do, and how late those that are due are handled. */
export const timers = {
  units: {
    cpu: "CPU µs/idle second, worker and database",
    statements: "statements/idle second",
    late: "ms late, median",
    latest: "ms late, at most",
  },
  async prepare(contender, { pending }, { firing }) {
    await contender.anew();
    const worker = await contender.worker();
    await worker.ask({ kind: "fire", count: Math.min(firing, 100), within: 100 });
    await worker.ask({ kind: "pend", count: pending });
  },
  async measure(contender, _work, { idle, firing, within }) {
    const worker = await contender.worker();
    const cpuBefore = contender.readServerCpu();
    const before = await worker.ask({ kind: "usage" });
    const start = performance.now();
    await sleep(idle);
    const after = await worker.ask({ kind: "usage" });
    const cpuAfter = contender.readServerCpu();
    const seconds = (performance.now() - start) / 1_000;
    const late = await worker.ask({ kind: "fire", count: firing, within });
    if (late.some((ms) => ms < 0)) throw new Error(`${contender.name}: a timer was early`);
    return {
      ...(cpuBefore !== undefined && { cpu: (after.cpu - before.cpu + cpuAfter - cpuBefore) / seconds }),
      statements: (after.statements - before.statements) / seconds,
      late: median(late),
      latest: Math.max(...late),
    };
  },
};
