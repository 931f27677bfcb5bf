import { type Fail, isPromise, type MaybePromise, type Pass, PullIterator } from "../../../async/index.js";
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
export class ResponseBody extends PullIterator<Uint8Array> {
  private readonly items: ResponseItems;
  private readonly writing: StreamWriting;
  private done = false;
  /** The last item that was written. */
  private last: unknown;
  private pass: Pass<Uint8Array> = () => {};
  private fail: Fail = () => {};
  // Functions of the object, so that an item needs none of its own.
  private readonly passNext = (step: IteratorResult<unknown>): void => {
    if (step.done === true) {
      this.finish(undefined);
      return;
    }
    try {
      const chunk = this.writing.write(step.value);
      this.last = step.value;
      if (isPromise(chunk)) chunk.then(this.passChunk, this.failChunk);
      else this.passChunk(chunk);
    } catch (error) {
      this.finish({ error });
    }
  };
  private readonly passChunk = (value: Uint8Array): void => this.pass({ done: false, value });
  private readonly failChunk = (error: unknown): void => {
    this.last = unwritten;
    this.finish({ error });
  };
  private readonly failNext = (error: unknown): void => this.finish({ error });

  constructor(items: ResponseItems, writing: StreamWriting) {
    super();
    this.items = items;
    this.writing = writing;
  }

  pull(pass: Pass<Uint8Array>, fail: Fail): void {
    if (this.done) {
      pass(end);
      return;
    }
    this.pass = pass;
    this.fail = fail;
    this.items.pull(this.passNext, this.failNext);
  }

  private finish(failure: { readonly error: unknown } | undefined): void {
    if (this.done) {
      this.pass(end);
      return;
    }
    this.done = true;
    this.items.close();
    let last: Uint8Array | undefined;
    try {
      last = this.writeEnd(failure);
    } catch (error) {
      this.fail(error);
      return;
    }
    if (last === undefined) this.pass(end);
    else this.passChunk(last);
  }

  private writeEnd(failure: { readonly error: unknown } | undefined): Uint8Array | undefined {
    const position = this.last === undefined ? this.items.begin : streamItemIdOf(this.last);
    try {
      return this.writing.finish(failure, position);
    } catch (error) {
      // What the handler has added cannot be sent.
      return this.writing.finish(failure ?? { error }, position);
    }
  }

  async return(): Promise<IteratorReturnResult<undefined>> {
    this.done = true;
    this.items.close();
    return end;
  }
}

/** Stands for an item that could not be written: it has no position. */
const unwritten = {};

const end: IteratorReturnResult<undefined> = { done: true, value: undefined };
