/** How long it takes from the death of a worker until another one has ended all workflows of it. */
export const recovery = {
  units: { seconds: "s until all have ended" },
  async prepare() {},
  async measure(contender, _work, { running }) {
    await contender.anew({ isHeld: true });
    const worker = await contender.worker();
    await worker.ask({ kind: "hold", count: running, steps: 3 });
    const before = await worker.ask({ kind: "finished" });
    const start = performance.now();
    await contender.kill();
    const next = await contender.worker();
    const ended = (await next.ask({ kind: "recover", count: before + running })) - before;
    const seconds = (performance.now() - start) / 1_000;
    if (ended !== running) throw new Error(`${contender.name}: ${ended} workflows have ended instead of ${running}`);
    return { seconds };
  },
};
