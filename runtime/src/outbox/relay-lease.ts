import { sleep } from "../async/index.js";
import type { Outbox } from "../store/ports/index.js";

/** The lease under which this process alone sends. Renews itself until it is resigned or lost. */
export class RelayLease {
  readonly epoch: number;
  private readonly outbox: Outbox;
  private readonly owner: string;
  private readonly lease: number;
  private readonly over = new AbortController();
  private readonly resigned = new AbortController();
  private readonly renewal: Promise<void>;
  private watchdog: ReturnType<typeof setTimeout> | undefined;

  /** Acquires the lease. undefined: another process has it. */
  static async acquire(outbox: Outbox, owner: string, lease: number): Promise<RelayLease | undefined> {
    // Measured before the call, so that by the clock of the store the lease ends no sooner.
    const requestedAt = performance.now();
    const epoch = await outbox.lease(owner, lease);
    return epoch === undefined ? undefined : new RelayLease(outbox, owner, lease, epoch, requestedAt);
  }

  private constructor(outbox: Outbox, owner: string, lease: number, epoch: number, requestedAt: number) {
    this.outbox = outbox;
    this.owner = owner;
    this.lease = lease;
    this.epoch = epoch;
    this.watch(requestedAt);
    this.renewal = this.renew();
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

  /** Stops renewing the lease: running deliveries must end before it expires. */
  resign(): void {
    this.resigned.abort();
  }

  /** Releases the lease, so that the next process need not wait until it expires. */
  async end(): Promise<void> {
    this.resign();
    await this.renewal;
    this.lose();
    await this.outbox.release(this.owner, this.epoch);
  }

  private async renew(): Promise<void> {
    const { signal } = this.resigned;
    for (;;) {
      await sleep(this.lease / 3, signal);
      if (signal.aborted) return;
      const requestedAt = performance.now();
      try {
        const epoch = await this.outbox.lease(this.owner, this.lease);
        if (epoch !== this.epoch) return this.lose();
        this.watch(requestedAt);
      } catch {
        // The next attempt may still be in time; if none is, the watchdog ends the lease.
      }
    }
  }

  private watch(from: number): void {
    clearTimeout(this.watchdog);
    if (this.over.signal.aborted) return;
    this.watchdog = setTimeout(() => this.lose(), from + this.lease - performance.now());
  }
}
