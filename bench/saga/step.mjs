/**
 * The trivial step of all contenders. `isHeld`: the second step of each workflow never ends, until its process is killed.
 */
export function createStep(isHeld) {
  const step = {
    /** How often steps were run. */
    runs: 0,
    /** How many have not ended. */
    held: 0,
    async run(n) {
      step.runs++;
      if (isHeld && n === 1) {
        step.held++;
        await new Promise(() => {});
      }
      return n;
    },
  };
  return step;
}
