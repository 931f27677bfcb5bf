import type { AppendRequest } from "../../store/ports/index.js";
import type { RowReads, UsedRow } from "../../store/rows/index.js";
import { EarlyRows } from "./early-rows.js";

/** Makes appends that are committed with rows. `Append`: one that is prepared. */
export interface RowAppends<Append = unknown> {
  /** Prepares an append, and applies its inline projections to the rows. `before`: the appends of the transaction until then. */
  prepare(request: AppendRequest, rows: EarlyRows, before: readonly Append[]): Promise<Append>;
  /** Commits appends and changes of rows, all or nothing, if no append is refused and all rows are as they were read. false: nothing was written. */
  commit(appends: readonly Append[], rows: readonly UsedRow[]): Promise<boolean>;
}

/** Rows of a transaction that may append. */
export class AppendingRows extends EarlyRows {
  readonly appends: unknown[] = [];
  private readonly events: RowAppends;

  constructor(reads: RowReads, events: RowAppends) {
    super(reads);
    this.events = events;
  }

  append(request: AppendRequest): Promise<void> {
    return this.attempt(async () => {
      this.appends.push(await this.events.prepare(request, this, this.appends));
      this.onUndo(() => this.appends.pop());
    });
  }
}
