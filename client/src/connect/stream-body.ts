import { toEnvelope } from "../envelopes/index.js";
import type { OutgoingCall } from "../transport/index.js";

/** The body of a request that is a stream: of one message, or of as many as there are. */
export function toStreamBody(
  { method, request }: OutgoingCall,
  encode: (message: unknown) => string | Uint8Array,
): BodyInit {
  if (method.stream === "server") return toEnvelope(encode(request));
  const iterator = (request as AsyncIterable<unknown>)[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>({
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
