import { RowBuffer } from "../../store/rows/index.js";

/** Rejects what is possible only in a transaction of the database. */
export class TransactionNeeded extends Error {
  constructor(what: string) {
    super(`${what} is available in a transaction of the database only`);
  }
}

/** Rows for handlers that run before the statement that writes what they change, without a transaction of the database. */
export class DetachedRows extends RowBuffer {
  readonly isDetached = true;
  /** An object, so that wrapped rows share it. */
  private readonly state: { needed?: TransactionNeeded } = {};

  /** Why the handlers must run in a transaction; undefined: they need none. */
  get needed(): TransactionNeeded | undefined {
    return this.state.needed;
  }

  /** Notes that the handlers must run in a transaction. Returns the error to throw, which handlers may catch. */
  needTransaction(what: string): TransactionNeeded {
    this.state.needed = new TransactionNeeded(what);
    return this.state.needed;
  }
}
