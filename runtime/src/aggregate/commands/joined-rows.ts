import type { CallContext, CallOptions } from "../../cqrs/index.js";
import type { ApplyInline, RowTransaction } from "../../store/ports/index.js";

/** A symbol, so that no transport can set it. */
const joinedRows: unique symbol = Symbol("joined rows");

/** Rows that the caller of a command, in the same process, writes in the transaction of its events. */
export interface JoinedRows {
  /**
   * Called when the command is decided and before it is recorded, also if it leads to no events. May run several times: it must
   * have no effect except on the rows, and must not wait for other work of the same store. If it throws, the command fails, and
   * nothing is recorded.
   *
   * @param outcome the response of the command, and the version of the aggregate after it.
   */
  apply(outcome: { readonly response: unknown; readonly version: number }, rows: RowTransaction): Promise<void>;
}

/** What a call carries in its options within the process. */
interface Joining {
  readonly [joinedRows]?: JoinedRows;
}

/**
 * Returns options of a call with rows to write in its transaction. Commands of aggregates do, and then their result has
 * `joined: true`. Without it, as after a replay of a recorded response, nothing was written: the caller does it.
 */
export function withJoinedRows(options: CallOptions, rows: JoinedRows): CallOptions {
  const joining: CallOptions & Joining = { ...options, [joinedRows]: rows };
  return joining;
}

/** The rows that the caller of a command wants to write; undefined: none. */
export function joinedRowsOf(context: CallContext): JoinedRows | undefined {
  // Of the context that the bus has created, also where middleware has derived another from it.
  return (context as { readonly options?: Joining }).options?.[joinedRows];
}

/** Applies one after the other. undefined: there is nothing to apply. */
export function applyInOrder(all: readonly (ApplyInline | undefined)[]): ApplyInline | undefined {
  const given = all.filter((one) => one !== undefined);
  if (given.length < 2) return given[0];
  return async (events, rows) => {
    for (const apply of given) await apply(events, rows);
  };
}
