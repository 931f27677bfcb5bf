import { median } from "../../harness/rounds.mjs";

/** How many workflows end in a second. */
export const throughput = {
  units: {
    rate: "workflows/s",
    latency: "ms until ended, median",
    cpu: "CPU µs/workflow, worker and database",
    statements: "statements/workflow",
    flushes: "flushes/workflow",
  },
  async prepare(contender, work, { warm }) {
    if (warm > 0) await (await contender.worker()).ask({ kind: "runFor", milliseconds: warm, ...work });
  },
  async measure(contender, work, { slice }) {
    const worker = await contender.worker();
    const finished = await worker.ask({ kind: "finished" });
    const cpuBefore = contender.readServerCpu();
    const before = await worker.ask({ kind: "usage" });
    const start = performance.now();
    const latencies = await worker.ask({ kind: "runFor", milliseconds: slice, ...work });
    const spent = performance.now() - start;
    const after = await worker.ask({ kind: "usage" });
    const cpuAfter = contender.readServerCpu();
    const count = latencies.length;
    const ended = (await worker.ask({ kind: "finished" })) - finished;
    if (ended !== count) throw new Error(`${contender.name}: ${ended} workflows have ended instead of ${count}`);
    return {
      rate: (count / spent) * 1_000,
      latency: median(latencies),
      ...(cpuBefore !== undefined && { cpu: (after.cpu - before.cpu + cpuAfter - cpuBefore) / count }),
      ...(contender.hasPostgres && {
        statements: (after.statements - before.statements) / count,
        flushes: (after.flushes - before.flushes) / count,
      }),
    };
  },
};
