/** How long a reading of the database's clock is used, in milliseconds. */
const maxAge = 60_000;

/**
 * The clock of the database, as far as its responses tell: a little slow, by the time that a response takes. So an event
 * can have its time before it is appended.
 */
export class StoreClock {
  private offset = 0;
  private readAt = Number.NEGATIVE_INFINITY;

  /** Milliseconds since 1970, without a fraction; undefined if the clock was not read lately. */
  get now(): number | undefined {
    const now = performance.now();
    return now - this.readAt > maxAge ? undefined : Math.floor(now + this.offset);
  }

  /** Notes the time that a response contains. */
  set(at: number): void {
    this.readAt = performance.now();
    this.offset = at - this.readAt;
  }
}
