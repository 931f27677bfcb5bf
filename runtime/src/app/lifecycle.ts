/** Starts once, on demand, and stops once, after whatever start was under way. */
export class Lifecycle<Running> {
  /** What is there while the app runs, for the path that must not wait. */
  running: Running | undefined;
  private starting: Promise<Running> | undefined;
  private stopping: Promise<void> | undefined;
  private readonly open: () => Promise<Running>;
  private readonly close: () => Promise<void>;

  constructor(open: () => Promise<Running>, close: () => Promise<void>) {
    this.open = open;
    this.close = close;
  }

  start(): Promise<Running> {
    if (this.stopping !== undefined) return Promise.reject(new Error("the app was stopped; make a new one"));
    this.starting ??= this.open().then((running) => {
      this.running = running;
      return running;
    });
    return this.starting;
  }

  stop(): Promise<void> {
    this.stopping ??= this.end();
    return this.stopping;
  }

  private async end(): Promise<void> {
    if (this.starting === undefined) return;
    // However it ends: what it has opened must be closed.
    await this.starting.catch(() => {});
    this.running = undefined;
    await this.close();
  }
}
