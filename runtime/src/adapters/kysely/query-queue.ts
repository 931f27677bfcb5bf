import { PotterError } from "../../errors/index.js";

/**
 * Queries that share a transaction. They run one after the other in the order of the calls, and none after the queue is
 * closed: a late query would run outside the transaction.
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

  /** Resolves when all queries have ended, including those added meanwhile. Rejects with the first error. */
  async settled(): Promise<void> {
    for (let last: unknown; last !== this.last; ) {
      last = this.last;
      await last;
    }
    this.closed = true;
  }

  /** Waits for the running query, and runs no others. */
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
