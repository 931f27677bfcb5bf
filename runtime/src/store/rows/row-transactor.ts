import { sleep } from "../../async/index.js";
import { PotterError } from "../../errors/index.js";
import type { AppendingTransaction, CommandRecord } from "../ports/index.js";
import type { RowChange } from "./row-buffer.js";
import type { RowReads, UsedRow } from "./row-reads.js";
import { RowTurns } from "./row-turns.js";

/** How often a transaction runs at most. */
const maxAttempts = 16;

/** A command to record with a transaction, of a tenant. */
export interface TenantCommand {
  /** The empty string where there are no tenants. */
  readonly tenant: string;
  /** The command with its response. */
  readonly command: CommandRecord;
}

/** One run of a transaction. */
export interface RowAttempt<Append> {
  /** What the function receives. It buffers what is to be committed; without `appends`, it can make none. */
  readonly rows: AppendingTransaction &
    Partial<Pick<RowCommit<Append>, "appends">> &
    Pick<RowCommit<Append>, "records"> & { readonly changes: readonly RowChange[] };
  /** Notes what the function reads. */
  readonly reads: RowReads;
}

/** What a transaction commits. */
export interface RowCommit<Append> {
  /** What it has read, changed, or both. */
  readonly rows: readonly UsedRow[];
  /** Appends that the function has made. */
  readonly appends: readonly Append[];
  /** Commands that the function has recorded. */
  readonly records: readonly TenantCommand[];
}

/** What a store does for {@link RowTransactor}. */
export interface RowCommits<Append> {
  /**
   * Begins to run a transaction. `check` is for its {@link RowReads}. `isAgain`: it has lost a race, so rows must be read, not recalled,
   * and it can make no appends.
   */
  begin(check: (names: readonly string[]) => void, isAgain: boolean): RowAttempt<Append>;
  /**
   * Writes the changes and appends if all rows are as they were read and no append is refused, without waiting for others. false: nothing
   * was written, except perhaps records of commands.
   */
  commit(commit: RowCommit<Append>): Promise<boolean>;
}

/**
 * Runs transactions over rows that are written on condition that nothing of what they have read has changed. Those that lose a race
 * take turns within the process, and wait for a random time if another process is faster.
 */
export class RowTransactor<Append = never> {
  private readonly commits: RowCommits<Append>;
  private readonly turns = new RowTurns();

  constructor(commits: RowCommits<Append>) {
    this.commits = commits;
  }

  /** Runs a function as `RowStore.transact` does. */
  async run<T>(apply: (rows: AppendingTransaction) => Promise<T>): Promise<T> {
    let turnAt: readonly string[] = [];
    for (let attempt = 1; attempt <= maxAttempts; attempt++) {
      const end = turnAt.length === 0 ? undefined : await this.turns.take(turnAt);
      try {
        const done = await this.attempt(apply, turnAt, attempt > 1);
        if (!Array.isArray(done)) return (done as { readonly result: T }).result;
        // Lost although no other caller of this process could interfere.
        if (end !== undefined) await sleep(Math.random() * Math.min(2 ** attempt, 200), undefined);
        turnAt = done;
      } finally {
        end?.();
      }
    }
    throw new PotterError("aborted", "rows are changed by too many transactions at once; try again");
  }

  /** Returns the result, or the names of the rows at which the next run has to have its turn. */
  private async attempt<T>(
    apply: (rows: AppendingTransaction) => Promise<T>,
    turnAt: readonly string[],
    isAgain: boolean,
  ): Promise<{ readonly result: T } | readonly string[]> {
    const contended: string[] = [];
    const check = (names: readonly string[]) => {
      const others = names.filter((name) => !turnAt.includes(name));
      if (!this.turns.isContended(others)) return;
      contended.push(...others);
      throw new Error("others have their turn at this row");
    };
    const { rows, reads } = this.commits.begin(check, isAgain);
    let outcome: { readonly result: T } | { readonly error: unknown };
    try {
      outcome = { result: await apply(rows) };
    } catch (error) {
      outcome = { error };
    }
    const { records, appends = [] } = rows;
    const used = reads.with(rows.changes);
    const names = () => [...new Set([...contended, ...used.map(({ name }) => name)])];
    if (contended.length > 0) return names();
    const writes = !("error" in outcome) && rows.changes.length + appends.length + records.length > 0;
    // Only a conditional write proves what was recalled.
    if (!writes && reads.hasRecalled) return names();
    if ("error" in outcome) throw outcome.error;
    return !writes || (await this.commits.commit({ rows: used, appends, records })) ? outcome : names();
  }
}
