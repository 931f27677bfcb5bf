import { type Backoff, retryDelay } from "./retry-delay.js";

/** The most failed items that are passed over. More are tried again each time that they are met. */
const maxFailed = 10_000;

interface Entry {
  readonly due: number;
  /** How often it has failed; 0: it is left to others. */
  readonly failures: number;
  /** Until when it is passed over, by `performance.now()`. */
  readonly until: number;
}

/**
 * Items that a poller passes over for now, by name. A poller takes what has been due for longest, so what it cannot handle would keep all
 * others waiting: it asks for `size` items more than it handles. An item that is due since another time is another matter.
 */
export class PassedOver {
  private readonly entries = new Map<string, Entry>();
  private failed = 0;

  /** How many items may be passed over. */
  get size(): number {
    return this.entries.size;
  }

  /** Whether no more failed items can be passed over. */
  get isFull(): boolean {
    return this.failed >= maxFailed;
  }

  /** Whether an item that is due since this time is passed over now. */
  has(name: string, due: number): boolean {
    const entry = this.entries.get(name);
    return entry !== undefined && entry.due === due && entry.until > performance.now();
  }

  /** Leaves an item to others, until its time changes. */
  leave(name: string, due: number): void {
    this.set(name, { due, failures: 0, until: Number.POSITIVE_INFINITY });
  }

  /** Passes over an item that could not be handled, each time for longer. Returns how often that was, and for how long it is passed over. */
  fail(name: string, due: number, backoff: Backoff): { readonly failures: number; readonly retryIn: number } {
    const known = this.entries.get(name);
    const failures = (known?.due === due ? known.failures : 0) + 1;
    const retryIn = retryDelay(failures, backoff);
    this.set(name, { due, failures, until: performance.now() + retryIn });
    return { failures, retryIn };
  }

  /** An item was handled. */
  done(name: string): void {
    const entry = this.entries.get(name);
    if (entry === undefined) return;
    this.entries.delete(name);
    if (entry.failures > 0) this.failed--;
  }

  /**
   * Forgets items that were not found, among `size` more than are handled: they are not due any more, or so many have been due for longer
   * that they keep nobody waiting.
   */
  keep(found: ReadonlySet<string>): void {
    for (const name of [...this.entries.keys()]) if (!found.has(name)) this.done(name);
  }

  /** Items that are left to others may be handled from now on. */
  reclaim(): void {
    for (const [name, { failures }] of [...this.entries]) if (failures === 0) this.done(name);
  }

  private set(name: string, entry: Entry): void {
    this.done(name);
    const isFailed = entry.failures > 0;
    if (isFailed && this.isFull) return;
    this.entries.set(name, entry);
    if (isFailed) this.failed++;
  }
}
