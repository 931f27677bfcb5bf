import { HttpError, tooLarge } from "../errors/index.js";
import { appendChunk } from "./append-chunk.js";

/** A compression of bodies (RFC 9110, section 8.4.1). */
export type ContentCoding = "gzip" | "deflate" | "br";

const all: readonly ContentCoding[] = ["gzip", "deflate", "br"];

/** Returns the coding that a `content-encoding` names; undefined: none. Throws an HttpError 415 for an unsupported one. */
export function readContentCoding(
  header: string | undefined,
  supported: readonly ContentCoding[] = all,
): ContentCoding | undefined {
  if (header === undefined) return undefined;
  const name = header.trim().toLowerCase();
  if (name === "" || name === "identity") return undefined;
  const coding = supported.find((one) => one === name || `x-${one}` === name);
  if (coding !== undefined) return coding;
  const accepted = supported.length === 0 ? "identity" : supported.join(", ");
  const message = `the Content-Encoding of the body is not supported: expected one of ${accepted}, or none`;
  throw new HttpError(415, "invalid_argument", message, { headers: { "accept-encoding": accepted } });
}

/** Whether bytes in the coding `deflate` lack the zlib header (RFC 1950). Some clients omit it. */
export function isRawDeflate(bytes: Uint8Array): boolean {
  return ((bytes[0] ?? 0) & 0x0f) !== 8;
}

/** 400, for a body that does not match its `content-encoding`. */
export function notEncoded(coding: ContentCoding): HttpError {
  return new HttpError(400, "invalid_argument", `the body is not valid ${coding}, which its Content-Encoding names`);
}

/** Inflates a body with the Compression standard. Rejects with an HttpError 413 above `limit` bytes, and stops reading. */
export async function inflate(bytes: Uint8Array, coding: ContentCoding, limit: number): Promise<Uint8Array> {
  if (bytes.length === 0) return bytes;
  const isRaw = coding === "deflate" && isRawDeflate(bytes);
  const stream = new DecompressionStream(isRaw ? "deflate-raw" : formatOf(coding));
  const writer = stream.writable.getWriter();
  // The reader reports errors.
  writer.write(bytes as Uint8Array<ArrayBuffer>).catch(() => {});
  writer.close().catch(() => {});
  const reader = (stream.readable as ReadableStream<Uint8Array>).getReader();
  return readAll(reader, limit).catch((error) => {
    throw error instanceof HttpError ? error : notEncoded(coding);
  });
}

/** Reads up to `limit` bytes. Above that, cancels the stream and rejects with an HttpError 413. */
export async function readAll(
  reader: Pick<ReadableStreamDefaultReader<Uint8Array>, "read" | "cancel">,
  limit: number,
): Promise<Uint8Array> {
  let body = new Uint8Array(0) as Uint8Array;
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return body.subarray(0, length);
    if (length + value.length > limit) {
      reader.cancel().catch(() => {});
      throw tooLarge(limit);
    }
    body = appendChunk(body, length, value, limit);
    length += value.length;
  }
}

let known: readonly ContentCoding[] | undefined;

/** The codings that the platform supports; not all support `br`. Found at the first request: some platforms create no streams before. */
export function platformCodings(): readonly ContentCoding[] {
  known ??= all.filter((coding) => {
    try {
      new DecompressionStream(formatOf(coding));
      return true;
    } catch {
      return false;
    }
  });
  return known;
}

function formatOf(coding: ContentCoding): CompressionFormat {
  return (coding === "br" ? "brotli" : coding) as CompressionFormat;
}
