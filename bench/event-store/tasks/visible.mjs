import { newId } from "../deposits.mjs";
import { expectSums } from "./rebuild.mjs";

const amount = 1_000;

/**
 * Pays money in at a fixed rate, whether the answers keep up or not, and waits for each until the view shows it. Counted
 * from when a command was due, so that one that had to wait for its turn is not let off; not those of the first moments, while
 * connections are opened.
 */
export const visible = {
  units: { p50: "ms, median", p99: "ms, 99th percentile" },
  anew: () => true,
  async prepare(contender) {
    await contender.empty();
    await contender.views.open();
  },
  async slice(contender, { perSecond }, milliseconds) {
    const latencies = [];
    const lead = Math.min(500, milliseconds / 4);
    const commands = Math.round((milliseconds / 1_000) * perSecond);
    const start = performance.now();
    const running = [];
    for (let n = 0; n < commands; ) {
      const due = start + (n / perSecond) * 1_000;
      if (performance.now() < due) {
        await new Promise((resolve) => setTimeout(resolve, 1));
        continue;
      }
      n++;
      // To an account of its own: there are no conflicts to be measured.
      const shown = depositWhenAccepted(contender, newId());
      running.push(due < start + lead ? shown : shown.then(() => latencies.push(performance.now() - due)));
    }
    await Promise.all(running);
    await expectSums(contender, commands, commands * amount);
    latencies.sort((a, b) => a - b);
    return { p50: at(latencies, 0.5), p99: at(latencies, 0.99) };
  },
};

/** A refused command is sent again when its answer says so, and counts from when it was due. */
async function depositWhenAccepted({ views }, account) {
  for (;;) {
    try {
      return await views.deposit(account, amount);
    } catch (error) {
      if (error.code !== "unavailable" || error.retryAfter === undefined) throw error;
      await new Promise((resolve) => setTimeout(resolve, error.retryAfter));
    }
  }
}

const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
