/** What a running workflow takes in the heap of its worker. */
export const memory = {
  units: { heap: "kB of heap/workflow", resident: "kB resident/workflow" },
  async prepare() {},
  async measure(contender, _work, { running }) {
    await contender.anew({ isHeld: true });
    const worker = await contender.worker();
    // What is compiled and connected at first is no part of it.
    await worker.ask({ kind: "hold", count: 100, steps: 3 });
    const before = await worker.ask({ kind: "memory" });
    await worker.ask({ kind: "hold", count: running, steps: 3 });
    const after = await worker.ask({ kind: "memory" });
    await contender.kill();
    return {
      heap: Math.max(0, after.heap - before.heap) / running / 1_000,
      resident: Math.max(0, after.rss - before.rss) / running / 1_000,
    };
  },
};
