/** Runs a task at an interval, or sooner on request, and never twice at once. */
export class Heartbeat {
  private readonly task: () => Promise<void>;
  private readonly interval: () => number;
  private running: Promise<void> | undefined;
  private next: Promise<void> | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private stopped = false;

  /** `task` must not reject. `interval`: returns the milliseconds between the end of a run and the next one. */
  constructor(task: () => Promise<void>, interval: () => number) {
    this.task = task;
    this.interval = interval;
  }

  /** Runs the task now, or once more after the present run. Resolves when that run has ended. */
  soon(): Promise<void> {
    if (this.running === undefined) return this.run();
    this.next ??= this.running.then(() => {
      this.next = undefined;
      return this.run();
    });
    return this.next;
  }

  /** Lets the present run end, and begins no other. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
    await this.next;
  }

  private run(): Promise<void> {
    clearTimeout(this.timer);
    if (this.stopped) return Promise.resolve();
    this.running = this.task().finally(() => {
      this.running = undefined;
      if (!this.stopped) this.timer = setTimeout(() => void this.soon(), this.interval());
    });
    return this.running;
  }
}
