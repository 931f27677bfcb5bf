import { mapItems } from "../async/index.js";
import type { AnyCodec } from "../message/index.js";
import { withItemIdOf } from "./stream-item-id.js";

/** The messages of a stream, created as they are read. */
export class CreatedItems implements AsyncIterable<unknown> {
  /** What the handler returned. */
  readonly source: AsyncIterable<unknown>;
  private readonly codec: AnyCodec;

  constructor(codec: AnyCodec, source: unknown) {
    this.codec = codec;
    this.source = source as AsyncIterable<unknown>;
  }

  [Symbol.asyncIterator](): AsyncIterator<unknown> {
    return mapItems(this.source, (item) => this.create(item));
  }

  /** Creates the message of an item. */
  create(item: unknown): unknown {
    return withItemIdOf(this.codec.create(item) as object, item);
  }
}
