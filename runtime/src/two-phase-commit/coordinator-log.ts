/**
 * How far a transaction is: `preparing` until its decision, `committing` when it was decided to commit, `aborting` when
 * recovery decided to roll back. A transaction without an entry is finished, or was never decided: it is rolled back.
 */
export type TransactionState = "preparing" | "committing" | "aborting";

/** By name of the participant, what `markOf` has returned of its branch. */
export type BranchMarks = Readonly<Record<string, string>>;

/** A transaction as the coordinator's log keeps it. */
export interface LogEntry {
  /** Id of the transaction, a UUID. */
  readonly id: string;
  /** How far it is. */
  readonly state: TransactionState;
  /** Names of its participants. */
  readonly participants: readonly string[];
  /** Milliseconds since it was recorded, by the clock of the log. */
  readonly age: number;
  /** The marks of its branches, by participant. Absent: there are none. */
  readonly marks?: BranchMarks;
}

/**
 * The port of durable logs of coordinators. Times are by the clock of the log, so that clocks of processes do not matter.
 * Every method is one atomic step.
 */
export interface CoordinatorLog {
  /** Creates what it needs. Returns the id of this log, 16 of `0`–`9`, `a`–`f`, which stays the same for as long as it exists. */
  start(): Promise<string>;
  /** Records a transaction in state `preparing`, due in `timeout` milliseconds, with the marks of its branches. */
  begin(id: string, participants: readonly string[], timeout: number, marks?: BranchMarks): Promise<void>;
  /**
   * The decision: if the state is `preparing`, sets it to `committing`, due in `lease` milliseconds, durably. Returns the
   * state from then on, undefined if there is no entry.
   */
  decide(id: string, lease: number): Promise<TransactionState | undefined>;
  /**
   * Takes over entries that are due, the oldest first: they are due again in `lease` milliseconds. What is `preparing`
   * becomes `aborting` in the same step, so that its coordinator can no longer decide to commit.
   */
  takeDue(limit: number, lease: number): Promise<readonly LogEntry[]>;
  /** Returns the entries with these ids; without ids all. */
  find(ids?: readonly string[]): Promise<readonly LogEntry[]>;
  /** Removes an entry, when all participants have finished. Does nothing if there is none. */
  end(id: string): Promise<void>;
}
