import { expectedTotal, newId } from "../deposits.mjs";
import { fill } from "./append.mjs";

/** Rebuilds a view from all events. A slice is one rebuild, however long it takes. */
export const rebuild = {
  units: { rate: "events/s", cpu: "Node CPU µs/event" },
  anew: () => false,
  async prepare(contender, work, { scale }) {
    const { accounts, events } = sizeOf(contender, work, scale);
    await contender.empty();
    const ids = Array.from({ length: accounts }, newId);
    const { fillAtOnce = 16 } = contender.views;
    await Promise.all(
      Array.from({ length: fillAtOnce }, async () => {
        for (let id = ids.pop(); id !== undefined; id = ids.pop()) await fill(contender, id, events / accounts);
      }),
    );
    await contender.analyze();
    await contender.views.open();
  },
  async slice(contender, work, _milliseconds, { scale }) {
    const { accounts, events } = sizeOf(contender, work, scale);
    const cpu = process.cpuUsage();
    const start = performance.now();
    await contender.views.rebuild();
    const spent = performance.now() - start;
    const { user, system } = process.cpuUsage(cpu);
    await expectSums(contender, accounts, accounts * expectedTotal(events / accounts));
    return { rate: (events / spent) * 1_000, cpu: (user + system) / events };
  },
};

/** A contender that would take minutes has fewer accounts of the same length: its work per event stays the same. */
function sizeOf({ views }, work, scale) {
  const length = work.events / work.accounts;
  const accounts = Math.max(1, Math.round(work.accounts * scale * (views.part ?? 1)));
  return { accounts, events: accounts * length };
}

/** Checks the view against all accounts. */
export async function expectSums(contender, accounts, total) {
  const sums = await contender.views.sums();
  if (sums.accounts === accounts && sums.total === total) return;
  throw new Error(
    `${contender.name}: a view of ${sums.accounts} accounts and ${sums.total} instead of ${accounts} and ${total}`,
  );
}
