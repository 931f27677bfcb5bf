import { PotterError } from "../../errors/index.js";

/**
 * Queries that share a transaction: they run one after the other in the order they were asked for, and none once it is
 * closed. What comes too late would else run after the end of the transaction, outside it.
 */
export class QueryQueue {
  private last: Promise<unknown> = Promise.resolve();
  private closed = false;

  run<T>(query: () => Promise<T>): Promise<T> {
    const result = this.last.then(() => {
      if (this.closed) throw tooLate();
      return query();
    });
    this.last = result;
    // The next one in the queue reports it too, and `settled` does.
    result.catch(() => {});
    return result;
  }

  /** Resolves when all queries are done, also those that were asked for in the meantime; rejects with the first that failed. */
  async settled(): Promise<void> {
    for (let last: unknown; last !== this.last; ) {
      last = this.last;
      await last;
    }
    this.closed = true;
  }

  /** Lets the query under way end, and runs no more. */
  async close(): Promise<void> {
    this.closed = true;
    await this.last.catch(() => {});
  }
}

function tooLate(): PotterError {
  return new PotterError(
    "failed_precondition",
    "this query comes after the end of the transaction that it was meant for: await what you do, or return it",
  );
}
