import { PotterClientError } from "../errors/index.js";

/** A message of a stream: five bytes of flags and length precede it. */
export interface Envelope {
  /** 1: compressed; 2: the end of the stream. */
  readonly flags: number;
  /** The message. */
  readonly data: Uint8Array<ArrayBuffer>;
}

/** Writes a message with its envelope. */
export function toEnvelope(message: string | Uint8Array): Uint8Array<ArrayBuffer> {
  const data = typeof message === "string" ? new TextEncoder().encode(message) : message;
  const bytes = new Uint8Array(5 + data.length);
  new DataView(bytes.buffer).setUint32(1, data.length);
  bytes.set(data, 5);
  return bytes;
}

/**
 * Reads the messages of a body. Throws `internal` if it ends within one. `check`: called with the size of a message in bytes before it
 * has arrived; throws if that is too large.
 */
export async function* readEnvelopes(
  body: AsyncIterable<Uint8Array>,
  check?: (size: number) => void,
): AsyncGenerator<Envelope, void, undefined> {
  let chunks: Uint8Array[] = [];
  let length = 0;
  // Chunks are put together only when a message is complete: otherwise a large one would be copied again and again.
  let needed = 5;
  for await (const chunk of body) {
    chunks.push(chunk);
    length += chunk.length;
    if (length < needed) continue;
    let rest = concat(chunks, length);
    needed = 5;
    while (rest.length >= 5) {
      const size = new DataView(rest.buffer, rest.byteOffset).getUint32(1);
      check?.(size);
      needed = 5 + size;
      if (rest.length < needed) break;
      yield { flags: rest[0] as number, data: rest.subarray(5, needed) };
      rest = rest.subarray(needed);
      needed = 5;
    }
    chunks = [rest];
    length = rest.length;
  }
  if (length > 0) throw new PotterClientError("internal", "the stream ended too early", { interrupted: true });
}

function concat(chunks: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
