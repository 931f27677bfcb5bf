import { finished } from "./finished.mjs";
import { memory } from "./memory.mjs";
import { recovery } from "./recovery.mjs";
import { throughput } from "./throughput.mjs";
import { timers } from "./timers.mjs";

/**
 * `units`: name of a figure → its unit. `measure(contender, work, settings, round)` returns figures; `prepare(contender, work,
 * settings)` comes before the rounds. Both start and stop workers by the contender.
 */
export const tasks = { throughput, finished, timers, recovery, memory };
