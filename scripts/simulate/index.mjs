// Runs schedules in threads, until all have run or one has failed.
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";

export { mutations } from "./mutations.mjs";

/** Returns the sums of all schedules, and the first failure. `mutation`: the guard that is removed; `isShrunk`: with fewer faults. */
export async function simulate({ schedules, seed = 1, threads = availableParallelism(), mutation, isShrunk = true }) {
  const parts = Array.from({ length: Math.min(threads, schedules) }, (_, i) => ({
    first: seed + i,
    step: threads,
    count: Math.ceil((schedules - i) / threads),
    mutation,
    isShrunk,
  }));
  // What a schedule creates is garbage soon: with room for it, little is copied.
  const resourceLimits = { maxYoungGenerationSizeMb: 64 };
  const workers = parts.map(
    (workerData) => new Worker(new URL("worker.mjs", import.meta.url), { workerData, resourceLimits }),
  );
  const sums = new Map();
  let failed;
  const stopAll = () => Promise.all(workers.map((worker) => worker.terminate()));
  await Promise.all(
    workers.map(
      (worker) =>
        new Promise((resolve, reject) => {
          worker.on("message", (message) => {
            if (message.sums) sums.set(worker, message.sums);
            if (message.failed) {
              failed ??= message.failed;
              void stopAll();
            }
            if (message.isOver) resolve();
          });
          worker.on("error", reject);
          worker.on("exit", resolve);
        }),
    ),
  );
  await stopAll();
  return { ...add([...sums.values()]), ...(failed && { failed }) };
}

function add(all) {
  const total = {};
  for (const sums of all) {
    for (const [name, value] of Object.entries(sums)) {
      total[name] = typeof value === "number" ? (total[name] ?? 0) + value : add([total[name] ?? {}, value]);
    }
  }
  return total;
}
