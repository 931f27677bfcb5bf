import type { RowKey, RowTable } from "../../store/ports/index.js";
import type { RowChange } from "../../store/rows/index.js";
import { isDeadlock, type Schema } from "../driver/index.js";

/**
 * How long the appends of a process whose inline projections met others in a deadlock go one at a time, in milliseconds: the
 * next deadlock would hold up all of them for a second, which is how long PostgreSQL waits until it looks for one.
 */
const serialDuration = 3000;

/** When a store met its last deadlock of statements of projections. */
export class Deadlocks {
  private last = Number.NEGATIVE_INFINITY;

  get recent(): boolean {
    return performance.now() - this.last < serialDuration;
  }

  met(): void {
    this.last = performance.now();
  }
}

/** The rows that a piece of work asks for, over all its tries: from the second one on they are locked before anything else. */
export class RowLocks {
  private readonly wanted: (readonly [RowTable, readonly RowKey[]])[] = [];
  private readonly deadlocks: Deadlocks;
  private deadlocked = false;

  constructor(deadlocks: Deadlocks) {
    this.deadlocks = deadlocks;
  }

  /** Whether the next try must be the only one of those with inline projections. */
  get alone(): boolean {
    return this.deadlocked || this.deadlocks.recent;
  }

  /** Every key once for each table. */
  get known(): readonly Pick<RowChange, "table" | "tenant" | "key">[] {
    return this.wanted.flatMap(([table, keys]) => keys.map(({ tenant, key }) => ({ table, tenant, key })));
  }

  add(table: RowTable, keys: readonly RowKey[]): void {
    this.wanted.push([table, keys]);
  }

  /** Learns from a try that failed, and gives its error back. */
  failed(error: unknown): unknown {
    if (isDeadlock(error)) {
      this.deadlocked = true;
      this.deadlocks.met();
    }
    return error;
  }
}

/**
 * What an append with inline projections reads from, so that it takes a lock before anything else: one with a column `held`.
 * All share the lock. One that met another in a deadlock, by statements of its projections over which nobody has power,
 * takes it alone: it waits for those that are under way, later ones wait for it.
 */
export function inlineLock({ inline, lock }: Schema, mode: "shared" | "alone"): string {
  const take = mode === "shared" ? "pg_advisory_xact_lock_shared" : "pg_advisory_xact_lock";
  return `(SELECT ${take}(${inline}, ${lock}) IS NOT NULL AS held OFFSET 0)`;
}
