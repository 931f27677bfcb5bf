import { isTemporary } from "../../errors/index.js";
import type { ProjectionBuildId, RecordedEvent, RowKey, RowTransaction } from "../../store/ports/index.js";
import {
  defaultEventKey,
  type EventMeta,
  type ExternalChange,
  isExternal,
  type Projector,
  type ReadAhead,
  type ReadEvent,
  RowsTarget,
  type TargetScope,
} from "../declaration/index.js";
import { RowPrefetch } from "./row-prefetch.js";

/** How many events are searched for rows to prefetch together with one that has to be read. */
const lookahead = 1000;

/** An event that could not be applied. */
export interface Failure {
  readonly event: RecordedEvent;
  readonly key: string;
  readonly error: unknown;
  /** No part of the app knows its version. */
  readonly unknown: boolean;
}

/** The result of a batch. */
export interface BatchOutcome {
  /** Rows that have changed. */
  readonly changed: readonly RowKey[];
  /** Changes for an external target. */
  readonly changes: readonly ExternalChange[];
  readonly failures: readonly Failure[];
  /** Events whose key is blocked by an earlier failure. */
  readonly behind: readonly Omit<Failure, "error" | "unknown">[];
}

/** An event has left the transaction in an unknown state: the transaction must be run again without the event. */
export class PoisonedTransaction extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super("an event could not be applied", { cause: failure.error });
    this.failure = failure;
  }
}

export interface BatchOptions {
  readonly projector: Projector;
  readonly build: ProjectionBuildId;
  /** Keys that have dead letters. */
  readonly blocked: ReadonlySet<string>;
  /** Events that failed in an earlier run of the transaction, by position. */
  readonly poisoned: ReadonlyMap<number, Failure>;
}

/** Applies events in order, one after the other, within one transaction. */
export class Batch {
  private readonly options: BatchOptions;
  private readonly transaction: RowTransaction;
  private readonly events: readonly RecordedEvent[];
  private readonly read: (ReadEvent | undefined)[];
  private readonly failedKeys = new Set<string>();
  private readonly changed = new Map<string, RowKey>();
  private readonly changes: ExternalChange[] = [];
  private readonly failures: Failure[] = [];
  private readonly behind: Omit<Failure, "error" | "unknown">[] = [];
  /** Index of the first event that was not searched yet. */
  private seen = 0;

  constructor(options: BatchOptions, events: readonly RecordedEvent[], transaction: RowTransaction) {
    this.options = options;
    this.events = events;
    this.transaction = transaction;
    this.read = new Array(events.length);
  }

  async run(): Promise<BatchOutcome> {
    const { projector, poisoned } = this.options;
    for (const [index, event] of this.events.entries()) {
      if (!projector.concerns(event.type)) continue;
      // An event that is not appended yet has no position, which is then not read.
      const known = poisoned.size === 0 ? undefined : poisoned.get(event.position);
      let key = known?.key;
      try {
        const read = this.readAt(index);
        key = read.key;
        if (this.isBlocked(event, key)) this.behind.push({ event, key: key ?? defaultEventKey(event) });
        else if (known !== undefined) this.fail(known);
        else if (read.handler !== undefined) {
          const running = this.apply(read, index);
          if (running !== undefined) await running;
        }
      } catch (error) {
        if (isTemporary(error) || error instanceof PoisonedTransaction) throw error;
        const unknown = !projector.knows(event);
        if (unknown && projector.part.unknownEvents === "fail") throw error;
        const failed = key ?? defaultEventKey(event);
        if (this.isBlocked(event, key)) this.behind.push({ event, key: failed });
        else this.fail({ event, key: failed, error, unknown });
      }
    }
    const { changes, failures, behind } = this;
    return { changed: [...this.changed.values()], changes, failures, behind };
  }

  /** Whether an earlier failure blocks the key of an event. `key`: undefined for that of its stream. */
  private isBlocked(event: RecordedEvent, key: string | undefined): boolean {
    const { blocked } = this.options;
    if (blocked.size === 0 && this.failedKeys.size === 0) return false;
    const name = key ?? defaultEventKey(event);
    return blocked.has(name) || this.failedKeys.has(name);
  }

  private fail(failure: Failure): void {
    this.failures.push(failure);
    if (!failure.unknown || this.options.projector.part.unknownEvents !== "skip") this.failedKeys.add(failure.key);
  }

  /** Runs the handler of an event. undefined: it has ended. */
  private apply(read: ReadEvent, index: number): Promise<void> | undefined {
    const { target } = this.options.projector;
    if (target instanceof RowsTarget) {
      const ahead = (row: RowKey) => this.readAhead(target, index, row);
      return this.transaction.attempt(() => this.handle(target, read, index, ahead));
    }
    return isExternal(target) ? this.emit(read) : this.applyToTarget(target, read, index);
  }

  private async applyToTarget(target: OpenTarget, read: ReadEvent, index: number): Promise<void> {
    try {
      await this.handle(target, read, index);
    } catch (error) {
      if (isTemporary(error)) throw error;
      // Its changes cannot be distinguished from those of other events, so they cannot be undone alone.
      const event = this.events[index] as RecordedEvent;
      throw new PoisonedTransaction({ event, key: read.key ?? defaultEventKey(event), error, unknown: false });
    }
  }

  private async handle(target: OpenTarget, read: ReadEvent, index: number, ahead?: ReadAhead): Promise<void> {
    const scope = target.open(this.transaction, read.meta, this.options.build, ahead);
    const handled = read.handler?.(read.data as never, scope.handle as never, read.meta);
    if (handled !== undefined) await handled;
    const settled = scope.settled();
    if (settled !== undefined) await settled;
    if (scope.changed === undefined) return;
    const { tenant } = (this.events[index] as RecordedEvent).stream;
    for (const key of scope.changed) {
      const name = nameOf(tenant, key);
      if (!this.changed.has(name)) this.changed.set(name, { tenant, key });
    }
  }

  private async emit(read: ReadEvent): Promise<void> {
    const { name, version, generation } = this.options.build;
    const found: ExternalChange[] = [];
    const emit = (change: unknown) => {
      const key = `${name}:${version}.${generation}:${read.meta.id}:${found.length}`;
      found.push({ key, change, event: read.meta });
    };
    await read.handler?.(read.data as never, { emit } as never, read.meta);
    this.changes.push(...found);
  }

  /** Reads an event, unless it was read to find its rows. */
  private readAt(index: number): ReadEvent {
    const read = this.read[index];
    if (read === undefined) return this.options.projector.read(this.events[index] as RecordedEvent);
    this.read[index] = undefined;
    return read;
  }

  /** Reads a row that one event needs, together with those that later events will need. */
  private async readAhead(target: RowsTarget, index: number, row: RowKey): Promise<void> {
    const table = target.tableOf(this.options.build);
    const wanted = new Map([[nameOf(row.tenant, row.key), row]]);
    const end = Math.min(this.events.length, index + lookahead);
    for (let i = Math.max(index + 1, this.seen); i < end; i++) {
      const { tenant } = (this.events[i] as RecordedEvent).stream;
      for (const key of this.rowsNeededBy(i)) wanted.set(nameOf(tenant, key), { tenant, key });
    }
    this.seen = Math.max(this.seen, end);
    await this.transaction.prefetch(table, [...wanted.values()]);
  }

  /** The rows that a handler reads first. A handler that fails here fails again when it runs on the transaction. */
  private rowsNeededBy(index: number): readonly string[] {
    const rows = new RowPrefetch();
    try {
      if (!this.options.projector.concerns((this.events[index] as RecordedEvent).type)) return [];
      const read = this.readAt(index);
      this.read[index] = read;
      const running = read.handler?.(read.data as never, rows as never, read.meta);
      running?.catch(() => {});
    } catch {}
    return rows.keys;
  }
}

/** Identifies a row in maps. */
function nameOf(tenant: string, key: string): string {
  return `${tenant.length} ${tenant}${key}`;
}

/** The transaction of a batch for an external target, which writes no rows. */
export const noRows: never = undefined as never;

/** A target that can prefetch rows. */
interface OpenTarget {
  open(transaction: RowTransaction, event: EventMeta, build: ProjectionBuildId, ahead?: ReadAhead): TargetScope;
}
