import { PotterClientError } from "../errors/index.js";
import { type Envelope, readEnvelopes, toEnvelope } from "./envelopes.js";

/** How a method with streams is carried over `fetch`. Methods bring it, so that no bundle has what its methods do not need. */
export interface Framing {
  /** Turns the request into a body: one message, or a stream of them. `encode`: encodes a message. */
  body(
    request: unknown,
    encode: (message: unknown) => string | Uint8Array,
  ): Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;
  /** Reads the messages of a response. Throws `internal` if it ends within one. */
  read(body: AsyncIterable<Uint8Array>): AsyncIterable<Envelope>;
  /** Returns the response of a method that returns no stream. Throws `unimplemented` if there is not one. */
  single?(items: AsyncIterable<{ readonly message?: unknown }>): Promise<unknown>;
}

/** Of methods that return a stream, and take none. */
export const responseFraming: Framing = {
  body: (request, encode) => toEnvelope(encode(request)),
  read: readEnvelopes,
};

/** Of methods that take a stream. */
export const requestFraming: Framing = { body: toStream, read: readEnvelopes, single: readSingle };

function toStream(requests: unknown, encode: Parameters<Framing["body"]>[1]): ReadableStream<Uint8Array> {
  const iterator = (requests as AsyncIterable<unknown>)[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue(toEnvelope(encode(value)));
    },
  });
}

async function readSingle(items: AsyncIterable<{ readonly message?: unknown }>): Promise<unknown> {
  const found: unknown[] = [];
  for await (const { message } of items) found.push(message);
  if (found.length !== 1) throw new PotterClientError("unimplemented", `found ${found.length} responses`);
  return found[0];
}
