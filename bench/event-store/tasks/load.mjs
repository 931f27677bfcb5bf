import { expectedTotal, newId } from "../deposits.mjs";
import { fill } from "./append.mjs";
import { keepBusy, units } from "./callers.mjs";

/** Reads streams and sums up what they say. */
export const load = {
  units,
  anew: () => false,
  async prepare(contender, { length }, { streams }) {
    await contender.empty();
    contender.ids = Array.from({ length: streams }, newId);
    for (const id of contender.ids) await fill(contender, id, length);
    await contender.analyze?.();
  },
  async slice(contender, { atOnce, length }, milliseconds) {
    const { ids } = contender;
    const expected = expectedTotal(length);
    const { figures } = await keepBusy(atOnce, milliseconds, async (caller, n) => {
      const { count, total } = await contender.load(ids[(caller * 7 + n) % ids.length]);
      if (count === length && total === expected) return;
      throw new Error(`${contender.name}: ${count} events of ${total} instead of ${length} of ${expected}`);
    });
    return figures;
  },
};
