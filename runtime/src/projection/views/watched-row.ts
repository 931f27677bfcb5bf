import { onAbort, retryDelay, WakeSignal } from "../../async/index.js";
import type { ReadModelDefinition } from "../../cqrs/index.js";
import { isWorthRetrying } from "../../errors/index.js";
import type { RowReader, RowTable } from "../../store/ports/index.js";
import { type SubscriptionRetry, unavailableBackoff } from "../../store/subscriptions/index.js";
import type { ChangeHub } from "./change-hub.js";

/** How often a watched row is read while other processes may have changed it, in milliseconds. */
const pollInterval = 1000;
/** How often it is read in any case, in milliseconds: rows can change without events, as when a data subject is erased. */
const longestInterval = 30_000;

/** Where the rows of a read model are read, and how their watchers are notified. */
export interface RowSource {
  readonly definition: ReadModelDefinition;
  readonly rows: RowReader;
  readonly hub: ChangeHub;
  /** The table of the live build. At once if it is known; with `fresh`, as the store reports it now. */
  table(fresh?: boolean): RowTable | Promise<RowTable>;
  /**
   * A value that differs from an earlier one if processes other than this one may have changed rows in between; changes of this one
   * are published by the hub. undefined: unknown.
   */
  revision?(): string | undefined;
  /** Receives each read of a watched row that failed and is retried. */
  report?(retry: SubscriptionRetry): void;
}

/** What a read of the row has found. */
export interface RowRead {
  /** Reads are numbered from 1. */
  readonly number: number;
  /** undefined: there is no such row. The same array as before if the row has not changed. */
  readonly bytes: Uint8Array | undefined;
}

/** A watcher that waits for the next read. */
interface Waiter {
  /** The earliest read that counts. */
  readonly first: number;
  /** Whether it has had a read before: then it waits while the store is away. */
  readonly hasBegun: boolean;
  resolve(read: RowRead | undefined): void;
  reject(error: unknown): void;
}

/** One row, read on behalf of all its watchers: once after each change, and once in each interval, while one of them waits. */
export class WatchedRow {
  private readonly source: RowSource;
  private readonly tenant: string;
  private readonly key: string;
  private readonly waiting = new Set<Waiter>();
  private readonly wakeSignal = new WakeSignal();
  private unsubscribe: () => void = () => {};
  private watchers = 0;
  private isRunning = false;
  /** How many reads have begun. */
  private reads = 0;
  private latest: RowRead | undefined;
  /** When the next read is due, by `performance.now()`. */
  private dueAt = 0;
  private failures = 0;
  /** The revision before the last successful read. */
  private revision: string | undefined;
  /** When a read is due in any case, by `performance.now()`; 0: at once. */
  private neededAt = 0;

  constructor(source: RowSource, tenant: string, key: string) {
    this.source = source;
    this.tenant = tenant;
    this.key = key;
  }

  /** Adds a watcher. Returns the function that removes it; that returns whether it was the last one. */
  join(): () => boolean {
    if (this.watchers++ === 0) {
      const { hub, definition } = this.source;
      this.unsubscribe = hub.listen(definition.codec.typeName, this.tenant, this.key, () => this.changed());
    }
    return () => {
      if (--this.watchers > 0) return false;
      this.unsubscribe();
      return true;
    };
  }

  /**
   * The next read after the one that a watcher has seen; undefined: the signal has aborted. Without `seen`, a read that begins
   * after the call. Rejects if that read fails; after it, waits while the store is away. Rejects when watchers are ended.
   */
  next(seen: number | undefined, signal: AbortSignal | undefined): Promise<RowRead | undefined> {
    const { latest } = this;
    if (seen !== undefined && latest !== undefined && latest.number > seen && this.dueAt > performance.now()) {
      return Promise.resolve(latest);
    }
    return new Promise((resolve, reject) => {
      const stop = onAbort(signal, () => {
        this.waiting.delete(waiter);
        if (this.waiting.size === 0) this.wakeSignal.notify();
        resolve(undefined);
      });
      const waiter: Waiter = {
        first: (seen ?? this.reads) + 1,
        hasBegun: seen !== undefined,
        resolve(read) {
          stop();
          resolve(read);
        },
        reject(error) {
          stop();
          reject(error);
        },
      };
      this.waiting.add(waiter);
      if (seen === undefined) {
        this.dueAt = 0;
        this.neededAt = 0;
        this.wakeSignal.notify();
      }
      if (!this.isRunning) void this.run();
    });
  }

  private changed(): void {
    // While the store is away, a change does not cut the pause short.
    if (this.failures === 0) this.dueAt = 0;
    this.neededAt = 0;
    this.wakeSignal.notify();
    if (this.wakeSignal.isAbandoned) this.unsubscribe();
  }

  /** Reads whenever that is due, until no watcher waits. */
  private async run(): Promise<void> {
    this.isRunning = true;
    while (this.waiting.size > 0) {
      this.wakeSignal.arm();
      try {
        this.source.hub.throwIfEnded();
      } catch (error) {
        this.rejectWhere(() => true, error);
        break;
      }
      const wait = this.dueAt - performance.now();
      if (wait > 0) await this.wakeSignal.wait(wait);
      else if (this.isUnchanged) this.dueAt = performance.now() + pollInterval;
      else await this.read();
    }
    this.isRunning = false;
  }

  /** Whether the last read is known to be valid still. */
  private get isUnchanged(): boolean {
    if (performance.now() >= this.neededAt) return false;
    const revision = this.source.revision?.();
    return revision !== undefined && revision === this.revision;
  }

  private async read(): Promise<void> {
    const { source } = this;
    const number = ++this.reads;
    // Before the read: a change during it makes the next one due.
    this.dueAt = performance.now() + pollInterval;
    this.neededAt = performance.now() + longestInterval;
    this.revision = source.revision?.();
    try {
      const row = await source.rows.get(await source.table(), this.tenant, this.key);
      this.failures = 0;
      this.latest = { number, bytes: this.encode(row) };
    } catch (error) {
      this.fail(number, error);
      return;
    }
    for (const waiter of this.waiting) {
      if (waiter.first > number) continue;
      this.waiting.delete(waiter);
      waiter.resolve(this.latest);
    }
  }

  private fail(number: number, error: unknown): void {
    const isRetried = isWorthRetrying(error);
    this.neededAt = 0;
    this.rejectWhere(({ first, hasBegun }) => first <= number && !(hasBegun && isRetried), error);
    if (this.waiting.size === 0) {
      this.failures = 0;
      this.dueAt = 0;
      return;
    }
    const retryIn = retryDelay(++this.failures, unavailableBackoff);
    // Watchers that have joined during the read get one of their own.
    const hasNew = [...this.waiting].some(({ hasBegun }) => !hasBegun);
    this.dueAt = hasNew ? 0 : performance.now() + retryIn;
    this.source.report?.({ error, attempt: this.failures, retryIn });
  }

  private rejectWhere(test: (waiter: Waiter) => boolean, error: unknown): void {
    for (const waiter of this.waiting) {
      if (!test(waiter)) continue;
      this.waiting.delete(waiter);
      waiter.reject(error);
    }
  }

  private encode(row: unknown): Uint8Array | undefined {
    if (row === undefined) return undefined;
    const bytes = this.source.definition.codec.encode(row);
    const before = this.latest?.bytes;
    return before !== undefined && isEqual(bytes, before) ? before : bytes;
  }
}

export function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a === b || (a.length === b.length && a.every((byte, i) => byte === b[i]));
}
