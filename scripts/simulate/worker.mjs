// Runs schedules of one range of seeds: a thread, since it replaces the clock of its process.
import { parentPort, workerData } from "node:worker_threads";
import { countFaults } from "./fault-kinds.mjs";
import { mutations } from "./mutations.mjs";
import { loadRuntime } from "./runtime.mjs";
import { sagas } from "./sagas.mjs";
import { runSchedule } from "./schedule.mjs";
import { shrink } from "./shrink.mjs";

const { first, count, step, mutation, isShrunk } = workerData;
const { edits, bank, guards } = mutation === undefined ? {} : mutations[mutation];
const runtime = await loadRuntime(edits);
const counted = ["turns", "trace", "effects", "transitions", "fenced", "takenOver"];
const sums = {
  schedules: 0,
  sagas: 0,
  faults: 0,
  ...Object.fromEntries(counted.map((name) => [name, 0])),
  kinds: {},
  statuses: {},
};
for (let i = 0; i < count; i++) {
  const seed = first + i * step;
  const run = (only) => runSchedule({ seed, only, runtime, sagas, bank, guards });
  const outcome = await run();
  sums.schedules++;
  sums.sagas += outcome.statuses.length;
  sums.faults += outcome.faults.length;
  for (const name of counted) sums[name] += outcome[name];
  countFaults(outcome.faults, sums.kinds);
  for (const status of outcome.statuses) sums.statuses[status] = (sums.statuses[status] ?? 0) + 1;
  if (outcome.violations.length > 0) {
    parentPort.postMessage({ sums, failed: isShrunk ? await shrink(outcome, run) : outcome });
    break;
  }
  if (i % 100 === 99) parentPort.postMessage({ sums });
}
parentPort.postMessage({ sums, isOver: true });
