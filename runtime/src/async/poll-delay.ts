/** Bounds of the wait between two polls, in milliseconds. */
const minDelay = 5;
const maxDelay = 250;

/** The wait between two polls for what other processes did, in milliseconds: doubles from 5 to 250 while they find nothing. */
export class PollDelay {
  private delay = minDelay;

  /** The next wait. */
  next(): number {
    const { delay } = this;
    this.delay = Math.min(delay * 2, maxDelay);
    return delay;
  }

  /** To be called when a poll has found something: the next ones follow soon. */
  reset(): void {
    this.delay = minDelay;
  }

  /** To be called when a poll has failed: the next ones follow as late as possible. */
  slowDown(): void {
    this.delay = maxDelay;
  }
}
