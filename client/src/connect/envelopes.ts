import { PotterClientError } from "../errors/index.js";
import type { OutgoingCall } from "../transport/index.js";

/** A message of a stream: five bytes of flags and length precede it. */
export interface Envelope {
  /** 1: compressed; 2: the end of the stream. */
  readonly flags: number;
  /** The message. */
  readonly data: Uint8Array<ArrayBuffer>;
}

type Bytes = Uint8Array<ArrayBuffer>;

/** Writes a message with its envelope. */
export function toEnvelope(message: string | Uint8Array): Bytes {
  const data = typeof message === "string" ? new TextEncoder().encode(message) : message;
  const bytes = new Uint8Array(5 + data.length);
  new DataView(bytes.buffer).setUint32(1, data.length);
  bytes.set(data, 5);
  return bytes;
}

/** The body of a request that is a stream: of one message, or of as many as there are. */
export function toStreamBody(
  { method, request }: OutgoingCall,
  encode: (message: unknown) => string | Uint8Array,
): BodyInit {
  if (method.stream === "server") return toEnvelope(encode(request));
  const iterator = (request as AsyncIterable<unknown>)[Symbol.asyncIterator]();
  return new ReadableStream<Bytes>({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue(toEnvelope(encode(value)));
    },
    async cancel() {
      await iterator.return?.();
    },
  });
}

/** Reads the messages of a body. Throws `unavailable` if it ends within one. */
export async function* readEnvelopes(body: AsyncIterable<Uint8Array>): AsyncGenerator<Envelope, void, undefined> {
  let rest: Bytes = new Uint8Array(0);
  for await (const chunk of body) {
    rest = concat(rest, chunk);
    while (rest.length >= 5) {
      const end = 5 + new DataView(rest.buffer, rest.byteOffset).getUint32(1);
      if (rest.length < end) break;
      yield { flags: rest[0] as number, data: rest.subarray(5, end) };
      rest = rest.subarray(end);
    }
  }
  if (rest.length > 0) throw new PotterClientError("unavailable", "the stream broke off within a message");
}

function concat(first: Bytes, second: Uint8Array): Bytes {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}
