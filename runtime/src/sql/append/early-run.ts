import type { ApplyInline, NewSubjectKey } from "../../store/ports/index.js";
import { type RecallRow, type RowPlace, RowReads, type RowTurns, type UsedRow } from "../../store/rows/index.js";
import { EarlyRows } from "../rows/index.js";
import type { SqlAppend } from "./append-values.js";
import { EarlyAppend } from "./early-append.js";
import type { StoreClock } from "./store-clock.js";

/** Reads rows. Returns the bytes of each, undefined where there is none. */
export type ReadPlaces = (rows: readonly RowPlace[]) => Promise<readonly (Uint8Array | undefined)[]>;

/** Appends that are all or nothing, with the rows that their inline projections, or their transaction, have read and changed. */
export interface Prepared {
  /** Usually one; several of a transaction over rows. Those to one stream follow each other. */
  readonly appends: readonly EarlyAppend[];
  readonly rows: readonly UsedRow[];
  /** Keys of data subjects that they create. */
  readonly keys: readonly NewSubjectKey[];
  /** Another append of this process has changed a row since it was read. */
  isStale: boolean;
}

/** One run of the handlers of inline projections, before the append of their events. */
export class EarlyRun {
  private readonly append: EarlyAppend;
  private readonly rows: EarlyRows;
  private readonly contended: string[] = [];

  /** `turnAt`: the rows at which the append has its turn. `recall`: finds rows that may be used without a read. */
  constructor(
    append: SqlAppend,
    clock: StoreClock,
    turns: RowTurns,
    turnAt: readonly string[],
    read: ReadPlaces,
    recall: RecallRow | undefined,
  ) {
    const check = (names: readonly string[]) => {
      const others = names.filter((name) => !turnAt.includes(name));
      if (!turns.isContended(others)) return;
      this.contended.push(...others);
      throw new Error("other appends have their turn at this row");
    };
    this.rows = new EarlyRows(
      new RowReads((table, keys) => read(keys.map((key) => ({ ...key, table }))), check, recall),
    );
    this.append = new EarlyAppend(append, clock, (what) => this.rows.needTransaction(what));
  }

  /** The rows that it has used. */
  get names(): readonly string[] {
    return [...new Set([...this.contended, ...this.usedRows().map(({ name }) => name)])];
  }

  async run(inline: ApplyInline): Promise<Prepared | "contended" | "needs_transaction" | "failed"> {
    let failed = false;
    try {
      await inline(this.append.events, this.rows);
    } catch {
      // It runs again in the transaction, after the append: a conflict takes precedence over its error.
      failed = true;
    }
    if (this.contended.length > 0) return "contended";
    if (this.rows.needed !== undefined) return "needs_transaction";
    if (failed || this.append.lacksTime) return "failed";
    return { appends: [this.append], rows: this.usedRows(), keys: [], isStale: false };
  }

  private usedRows(): readonly UsedRow[] {
    return this.rows.reads.with(this.rows.changes);
  }
}
