import { toEarlyEvent } from "../../store/events/index.js";
import type { ApplyInline, NewSubjectKey, RecordedEvent } from "../../store/ports/index.js";
import { type RecallRow, type RowPlace, RowReads, type RowTurns, type UsedRow } from "../../store/rows/index.js";
import { EarlyRows } from "../rows/index.js";
import type { SqlAppend } from "./append-values.js";
import type { StoreClock } from "./store-clock.js";

/** Reads rows. Returns the bytes of each, undefined where there is none. */
export type ReadPlaces = (rows: readonly RowPlace[]) => Promise<readonly (Uint8Array | undefined)[]>;

/** An append with the rows that its inline projections have read and changed. */
export interface Prepared {
  readonly append: SqlAppend;
  readonly rows: readonly UsedRow[];
  /** Keys of data subjects that it creates. */
  readonly keys: readonly NewSubjectKey[];
  /** Time of its events, if a handler has read it. */
  readonly at: number | undefined;
  /** Another append of this process has changed a row since it was read. */
  isStale: boolean;
}

/** One run of the handlers of inline projections, before the append of their events. */
export class EarlyRun {
  private readonly append: SqlAppend;
  private readonly clock: StoreClock;
  private readonly rows: EarlyRows;
  private readonly contended: string[] = [];
  private time: number | undefined;
  private lacksTime = false;

  /** `turnAt`: the rows at which the append has its turn. `recall`: finds rows that may be used without a read. */
  constructor(
    append: SqlAppend,
    clock: StoreClock,
    turns: RowTurns,
    turnAt: readonly string[],
    read: ReadPlaces,
    recall: RecallRow | undefined,
  ) {
    this.append = append;
    this.clock = clock;
    const check = (names: readonly string[]) => {
      const others = names.filter((name) => !turnAt.includes(name));
      if (!turns.isContended(others)) return;
      this.contended.push(...others);
      throw new Error("other appends have their turn at this row");
    };
    this.rows = new EarlyRows(
      new RowReads((table, keys) => read(keys.map((key) => ({ ...key, table }))), check, recall),
    );
  }

  /** The rows that it has used. */
  get names(): readonly string[] {
    return [...new Set([...this.contended, ...this.usedRows().map(({ name }) => name)])];
  }

  async run(inline: ApplyInline): Promise<Prepared | "contended" | "needs_transaction" | "failed"> {
    let failed = false;
    try {
      await inline(this.events(), this.rows);
    } catch {
      // It runs again in the transaction, after the append: a conflict takes precedence over its error.
      failed = true;
    }
    if (this.contended.length > 0) return "contended";
    if (this.rows.needed !== undefined) return "needs_transaction";
    if (failed || this.lacksTime) return "failed";
    return { append: this.append, rows: this.usedRows(), keys: [], at: this.time, isStale: false };
  }

  /** Of an event that is not appended yet. */
  get position(): number {
    throw this.rows.needTransaction("the position of an event");
  }

  /** The time of its events. */
  get at(): number {
    this.time ??= this.clock.now;
    if (this.time !== undefined) return this.time;
    this.lacksTime = true;
    throw new Error("the time of the database is not known yet");
  }

  private events(): readonly RecordedEvent[] {
    const { append, context, payloads } = this.append;
    const { correlationId, causationId, metadata } = context;
    const { stream, expectedVersion } = append;
    return append.events.map(({ id, definition: { type, version: schemaVersion } }, i) => {
      const version = expectedVersion + i + 1;
      const event = { id, stream, version, type, schemaVersion, correlationId, causationId, metadata };
      return toEarlyEvent(event, payloads[i] as Uint8Array, this);
    });
  }

  private usedRows(): readonly UsedRow[] {
    return this.rows.reads.with(this.rows.changes);
  }
}
