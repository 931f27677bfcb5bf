/**
 * The store's clock, as this process knows it: somewhere between two bounds, which differ by as long as the last answer took. What is
 * due is decided by the lower bound, and times to come are counted from the upper one, so that nothing is ever early.
 */
export class StoreClock {
  private time = 0;
  private readAt = 0;
  private uncertainty = 0;
  private readonly read: (() => number) | undefined;

  /** `read`: the clock of a store that can be read at any moment. */
  constructor(read?: () => number) {
    this.read = read;
  }

  /** Notes the time that the store has answered. `askedAt`: when it was asked, by `performance.now()`. */
  observe(now: number, askedAt: number): void {
    this.time = now;
    this.readAt = performance.now();
    this.uncertainty = this.readAt - askedAt;
  }

  /** Milliseconds since 1970; never ahead of the store. */
  now(): number {
    return this.read?.() ?? Math.floor(this.elapsed);
  }

  /** Milliseconds since 1970; never behind the store. */
  latest(): number {
    // The store's time may have been cut to a whole number.
    return this.read?.() ?? Math.ceil(this.elapsed + this.uncertainty) + 1;
  }

  private get elapsed(): number {
    return this.time + (performance.now() - this.readAt);
  }
}
