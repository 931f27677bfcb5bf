/** The shortest delay, in milliseconds. */
const minDelay = 5;

/**
 * The delay between two polls for the work of other processes, in milliseconds: doubles from 5 to the longest while polls
 * find nothing.
 */
export class PollDelay {
  private readonly longest: number;
  private delay: number;

  /** `longest`: in milliseconds. */
  constructor(longest = 250) {
    this.longest = longest;
    this.delay = Math.min(minDelay, longest);
  }

  /** The next delay. */
  next(): number {
    const { delay } = this;
    this.delay = Math.min(delay * 2, this.longest);
    return delay;
  }

  /** Call it when a poll has found something: the delay starts from the shortest again. */
  reset(): void {
    this.delay = Math.min(minDelay, this.longest);
  }
}
