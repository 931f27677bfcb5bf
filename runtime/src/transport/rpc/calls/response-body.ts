import { isPromise, type MaybePromise } from "../../../async/index.js";
import { streamItemIdOf } from "../../../cqrs/index.js";
import type { ResponseItems } from "./response-items.js";

/** How a protocol writes a streamed response. */
export interface StreamWriting {
  /** Writes an item as a chunk. */
  write(item: unknown): MaybePromise<Uint8Array>;
  /**
   * Writes what ends the stream, with or without an error; undefined: nothing. `position`: that of the last item, from which the stream
   * can resume; undefined: unknown.
   */
  finish(failure: { readonly error: unknown } | undefined, position: string | undefined): Uint8Array | undefined;
}

/** The body of a streamed response. Items are requested no faster than the client reads them. */
export class ResponseBody implements AsyncIterableIterator<Uint8Array> {
  private readonly items: ResponseItems;
  private readonly writing: StreamWriting;
  private done = false;
  /** The last item that was written. */
  private last: unknown;
  // Functions of the object, so that an item needs none of its own.
  private readonly write = (step: IteratorResult<unknown>): MaybePromise<IteratorResult<Uint8Array>> => {
    if (step.done === true) return this.end(undefined);
    try {
      const chunk = this.writing.write(step.value);
      this.last = step.value;
      return isPromise(chunk) ? chunk.then(toItem).catch(this.breakItem) : toItem(chunk);
    } catch (error) {
      return this.end({ error });
    }
  };
  private readonly break = (error: unknown): IteratorResult<Uint8Array> => this.end({ error });
  private readonly breakItem = (error: unknown): IteratorResult<Uint8Array> => {
    this.last = unwritten;
    return this.end({ error });
  };

  constructor(items: ResponseItems, writing: StreamWriting) {
    this.items = items;
    this.writing = writing;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    return this.done ? Promise.resolve(end) : this.items.next().then(this.write, this.break);
  }

  private end(failure: { readonly error: unknown } | undefined): IteratorResult<Uint8Array> {
    if (this.done) return end;
    this.done = true;
    this.items.close();
    const last = this.finish(failure);
    return last === undefined ? end : { done: false, value: last };
  }

  private finish(failure: { readonly error: unknown } | undefined): Uint8Array | undefined {
    const position = this.last === undefined ? this.items.begin : streamItemIdOf(this.last);
    try {
      return this.writing.finish(failure, position);
    } catch (error) {
      // What the handler has added cannot be sent.
      return this.writing.finish(failure ?? { error }, position);
    }
  }

  async return(): Promise<IteratorResult<Uint8Array>> {
    this.done = true;
    this.items.close();
    return end;
  }
}

/** Stands for an item that could not be written: it has no position. */
const unwritten = {};

const end: IteratorReturnResult<undefined> = { done: true, value: undefined };

function toItem(value: Uint8Array): IteratorResult<Uint8Array> {
  return { done: false, value };
}
