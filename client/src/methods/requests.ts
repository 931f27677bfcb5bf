import { PotterClientError } from "../errors/index.js";
import type { Messages } from "./types.js";

/** The requests of a call on their way to a transport. */
export interface Requests<Request> extends AsyncIterable<Request> {
  /**
   * Leaves the source of the requests, such as a generator with an open file: the call has ended, whether or not its transport has
   * read everything. Later reads fail, so that what is incomplete does not look complete.
   */
  end(): void;
}

/** Reads requests from their source as they are sent. */
export function toRequests<Request>(messages: Messages<Request>): Requests<Request> {
  let iterator: AsyncIterator<Request> | Iterator<Request> | undefined;
  let isOver = false;
  const leave = async () => iterator?.return?.();
  const next = async () => {
    if (isOver) throw new PotterClientError("cancelled", "the call was cancelled");
    iterator ??= Symbol.asyncIterator in messages ? messages[Symbol.asyncIterator]() : messages[Symbol.iterator]();
    const result = await iterator.next();
    if (result.done) isOver = true;
    return result;
  };
  return {
    [Symbol.asyncIterator]: () => ({ next }),
    end() {
      // What a source throws when it is left concerns no call any more.
      if (!isOver) leave().catch(() => {});
      isOver = true;
    },
  };
}
