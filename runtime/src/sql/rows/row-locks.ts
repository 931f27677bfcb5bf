import type { RowKey, RowTable } from "../../store/ports/index.js";
import type { RowChange } from "../../store/rows/index.js";
import { isDeadlock, type Schema } from "../driver/index.js";

/**
 * How long the appends of a process run one at a time after a deadlock of inline projections, in milliseconds. Another
 * deadlock would block all of them for a second, the time after which PostgreSQL checks for one.
 */
const serialDuration = 3000;

/** Time of the last deadlock of inline projections of a store. */
export class Deadlocks {
  private last = Number.NEGATIVE_INFINITY;

  get recent(): boolean {
    return performance.now() - this.last < serialDuration;
  }

  met(): void {
    this.last = performance.now();
  }
}

/** The rows that a unit of work has read, over all attempts. Retries lock them before anything else. */
export class RowLocks {
  private readonly wanted: (readonly [RowTable, readonly RowKey[]])[] = [];
  private readonly deadlocks: Deadlocks;
  private deadlocked = false;

  constructor(deadlocks: Deadlocks) {
    this.deadlocks = deadlocks;
  }

  /** Whether the next attempt must exclude other appends with inline projections. */
  get alone(): boolean {
    return this.deadlocked || this.deadlocks.recent;
  }

  /** All rows read so far. */
  get known(): readonly Pick<RowChange, "table" | "tenant" | "key">[] {
    return this.wanted.flatMap(([table, keys]) => keys.map(({ tenant, key }) => ({ table, tenant, key })));
  }

  add(table: RowTable, keys: readonly RowKey[]): void {
    this.wanted.push([table, keys]);
  }

  /** Records a failed attempt. Returns its error. */
  failed(error: unknown): unknown {
    if (isDeadlock(error)) {
      this.deadlocked = true;
      this.deadlocks.met();
    }
    return error;
  }
}

/**
 * A subquery with the column `held` that appends with inline projections select from, so that they take a lock first.
 * All share the lock. After a deadlock, caused by statements of user projections, an append takes it exclusively: it
 * waits for running appends, and later ones wait for it.
 */
export function inlineLock({ inline, lock }: Schema, mode: "shared" | "alone"): string {
  const take = mode === "shared" ? "pg_advisory_xact_lock_shared" : "pg_advisory_xact_lock";
  return `(SELECT ${take}(${inline}, ${lock}) IS NOT NULL AS held OFFSET 0)`;
}
