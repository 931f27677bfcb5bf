/** Length of a span in milliseconds. The result covers the current span and the one before. */
const span = 30_000;

/** The longest wait of the last minute, completed or running. */
export class LongestWait {
  private readonly waiting = new Set<{ readonly since: number }>();
  private began = performance.now();
  private now = 0;
  private before = 0;

  /** Starts a wait. Call the returned function when it ends. */
  begin(): () => void {
    const wait = { since: performance.now() };
    this.waiting.add(wait);
    return () => {
      this.waiting.delete(wait);
      this.turn();
      this.now = Math.max(this.now, performance.now() - wait.since);
    };
  }

  /** In whole milliseconds. */
  get longest(): number {
    this.turn();
    const [oldest] = this.waiting;
    const going = oldest === undefined ? 0 : performance.now() - oldest.since;
    return Math.round(Math.max(this.now, this.before, going));
  }

  private turn(): void {
    const passed = performance.now() - this.began;
    if (passed < span) return;
    this.before = passed < 2 * span ? this.now : 0;
    this.now = 0;
    this.began = performance.now();
  }
}
