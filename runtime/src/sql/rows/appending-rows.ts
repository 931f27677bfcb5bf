import { checkCommand } from "../../store/checks/index.js";
import type { AppendRequest, CommandRecord } from "../../store/ports/index.js";
import type { RowCommit, RowReads, TenantCommand } from "../../store/rows/index.js";
import { EarlyRows } from "./early-rows.js";

/** Makes appends that are committed with rows. `Append`: one that is prepared. */
export interface RowAppends<Append = unknown> {
  /** Prepares an append, and applies its inline projections to the rows. `before`: the appends of the transaction until then. */
  prepare(request: AppendRequest, rows: EarlyRows, before: readonly Append[]): Promise<Append>;
  /** Commits a transaction with appends, if none is refused and all rows are as they were read. false: nothing was written. */
  commit(commit: RowCommit<Append>): Promise<boolean>;
}

/** Rows of a transaction that may record commands. */
export class RecordingRows extends EarlyRows {
  readonly records: TenantCommand[] = [];

  async record(tenant: string, command: CommandRecord): Promise<void> {
    checkCommand(tenant, command);
    this.records.push({ tenant, command });
  }
}

/** Rows of a transaction that may append. */
export class AppendingRows extends RecordingRows {
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
