/**
 * A resource that takes part in two-phase commit: a database, or anything that can promise to commit. The coordinator
 * calls `open`, `prepare`, then `commit` or `rollback`, each under the same gid (global transaction id). Every method
 * but `open` may be called again, by any process, at the same time.
 */
export interface Participant<Resource = unknown> {
  /** Names it in the coordinator's log: 1 to 40 of `a`–`z`, `0`–`9`, `-`. Keep it as long as transactions may be unfinished. */
  readonly name: string;
  /** Checks what it needs, once, before anything else. Rejects with `failed_precondition` for a server that cannot prepare. */
  start?(): Promise<void>;
  /** Begins a branch and returns what the work uses. Nothing of it may outlast the process until it is prepared. */
  open(gid: string): Promise<Resource>;
  /**
   * Makes the branch durable, so that any process can commit or roll it back after any crash. Rejects if the branch cannot be
   * committed any more; the coordinator then rolls back.
   */
  prepare(gid: string): Promise<void>;
  /**
   * Returns a mark of an open branch, such as its number in the database, which shows later how it has ended. The log
   * keeps it from before `prepare`. Absent: nothing shows that.
   */
  markOf?(gid: string): string | undefined;
  /**
   * Commits a prepared branch. Resolves too when the branch is no longer prepared, since it was committed earlier. Rejects if
   * that is not certain; the coordinator then calls it again. Rejects with `data_loss` if the mark shows that the branch was rolled
   * back, by hand for example.
   */
  commit(gid: string, mark?: string): Promise<void>;
  /**
   * Rolls back a branch, open or prepared. Resolves too if there is none. Rejects with `data_loss` if the mark shows that the branch was
   * committed.
   */
  rollback(gid: string, mark?: string): Promise<void>;
  /**
   * Returns the gids of prepared branches that begin with a text; recovery would roll back one that is still open under its work.
   * Absent: recovery finds no orphans here.
   */
  prepared?(prefix: string): Promise<readonly string[]>;
}
