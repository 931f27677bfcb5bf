/** The store's clock, as this process knows it: never ahead of it, behind it by as long as the last answer took. */
export class StoreClock {
  private time = 0;
  private readAt = 0;

  /** Notes the time that the store has answered. */
  observe(now: number): void {
    this.time = now;
    this.readAt = performance.now();
  }

  now(): number {
    return Math.floor(this.time + (performance.now() - this.readAt));
  }
}
