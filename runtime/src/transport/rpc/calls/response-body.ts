import type { MaybePromise } from "../../../async/index.js";
import type { ResponseItems } from "./response-items.js";

/** How a protocol writes a streamed response. */
export interface StreamWriting {
  /** Writes an item as a chunk. */
  write(item: unknown): MaybePromise<Uint8Array>;
  /** Writes what ends the stream, with or without an error; undefined: nothing. */
  finish(failure: { readonly error: unknown } | undefined): Uint8Array | undefined;
}

/** The body of a streamed response. Items are requested no faster than the client reads them. */
export class ResponseBody implements AsyncIterableIterator<Uint8Array> {
  private readonly items: ResponseItems;
  private readonly writing: StreamWriting;
  private done = false;

  constructor(items: ResponseItems, writing: StreamWriting) {
    this.items = items;
    this.writing = writing;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array>> {
    if (this.done) return end;
    let failure: { readonly error: unknown } | undefined;
    try {
      const { done, value } = await this.items.next();
      if (done !== true) return { done: false, value: await this.writing.write(value) };
    } catch (error) {
      failure = { error };
    }
    if (this.done) return end;
    this.done = true;
    this.items.close();
    const last = this.finish(failure);
    return last === undefined ? end : { done: false, value: last };
  }

  private finish(failure: { readonly error: unknown } | undefined): Uint8Array | undefined {
    try {
      return this.writing.finish(failure);
    } catch (error) {
      // What the handler has added cannot be sent.
      return this.writing.finish(failure ?? { error });
    }
  }

  async return(): Promise<IteratorResult<Uint8Array>> {
    this.done = true;
    this.items.close();
    return end;
  }
}

const end: IteratorReturnResult<undefined> = { done: true, value: undefined };
