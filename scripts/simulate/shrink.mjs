// Finds fewer faults that still lead to a violation.

/** The most schedules that are tried. */
const maxTrials = 300;

/** `run(only)`: runs the schedule with these faults. Returns the smallest failing outcome that was found. */
export async function shrink(failed, run) {
  let best = failed;
  let trials = 0;
  for (let size = Math.ceil(best.faults.length / 2); size >= 1; ) {
    let isSmaller = false;
    for (let at = 0; at < best.faults.length && trials < maxTrials; trials++) {
      const rest = best.faults.filter((_, i) => i < at || i >= at + size);
      const outcome = await run(new Set(rest.map(({ number }) => number)));
      if (outcome.violations.length > 0 && outcome.faults.length < best.faults.length) {
        best = outcome;
        isSmaller = true;
      } else at += size;
    }
    if (trials >= maxTrials) break;
    if (!isSmaller) size = size === 1 ? 0 : Math.ceil(size / 2);
  }
  return best;
}
