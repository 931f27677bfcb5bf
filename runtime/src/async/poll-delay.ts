/** Bounds of the wait between two polls, in milliseconds. */
const minDelay = 5;
const maxDelay = 250;

/**
 * The delay between two polls for the work of other processes, in milliseconds: doubles from 5 to 250 while polls find
 * nothing.
 */
export class PollDelay {
  private delay = minDelay;

  /** The next delay. */
  next(): number {
    const { delay } = this;
    this.delay = Math.min(delay * 2, maxDelay);
    return delay;
  }

  /** Call it when a poll has found something: the delay starts from the shortest again. */
  reset(): void {
    this.delay = minDelay;
  }

  /** Call it when a poll has failed: the next delay is the longest. */
  slowDown(): void {
    this.delay = maxDelay;
  }
}
