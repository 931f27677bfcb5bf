import { sleep } from "../async/index.js";
import type { Outbox } from "../store/ports/index.js";

/** The time for which this process alone sends: from taking the lease, for as long as it can be prolonged. */
export class Tenure {
  readonly epoch: number;
  private readonly outbox: Outbox;
  private readonly owner: string;
  private readonly lease: number;
  private readonly over = new AbortController();
  private readonly resigned = new AbortController();
  private readonly prolonging: Promise<void>;
  private watchdog: ReturnType<typeof setTimeout> | undefined;

  /** undefined: another process has the lease. */
  static async take(outbox: Outbox, owner: string, lease: number): Promise<Tenure | undefined> {
    // Before it is asked for: by the clock of the store it ends no sooner.
    const asked = performance.now();
    const epoch = await outbox.lease(owner, lease);
    return epoch === undefined ? undefined : new Tenure(outbox, owner, lease, epoch, asked);
  }

  private constructor(outbox: Outbox, owner: string, lease: number, epoch: number, asked: number) {
    this.outbox = outbox;
    this.owner = owner;
    this.lease = lease;
    this.epoch = epoch;
    this.watch(asked);
    this.prolonging = this.prolong();
  }

  /** Aborts when the lease is over. */
  get signal(): AbortSignal {
    return this.over.signal;
  }

  lose(): void {
    clearTimeout(this.watchdog);
    this.over.abort();
    this.resigned.abort();
  }

  /** Prolongs the lease no more: what is under way must end before it does. */
  resign(): void {
    this.resigned.abort();
  }

  /** Gives the lease back, so that the next process need not wait for its end. */
  async end(): Promise<void> {
    this.resign();
    await this.prolonging;
    this.lose();
    await this.outbox.release(this.owner, this.epoch);
  }

  private async prolong(): Promise<void> {
    const { signal } = this.resigned;
    for (;;) {
      await sleep(this.lease / 3, signal);
      if (signal.aborted) return;
      const asked = performance.now();
      try {
        const epoch = await this.outbox.lease(this.owner, this.lease);
        if (epoch !== this.epoch) return this.lose();
        this.watch(asked);
      } catch {
        // Another try may still be in time; if none is, the watchdog ends it.
      }
    }
  }

  private watch(from: number): void {
    clearTimeout(this.watchdog);
    if (this.over.signal.aborted) return;
    this.watchdog = setTimeout(() => this.lose(), from + this.lease - performance.now());
  }
}
