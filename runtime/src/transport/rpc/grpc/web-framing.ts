import { base64Decode, base64Encode } from "@bufbuild/protobuf/wire";
import { PotterError } from "../../../errors/index.js";
import type { HttpFields } from "../../../http/index.js";
import { writeEnvelope } from "../envelope/index.js";

/** The flag of the envelope that has the trailers. */
const trailersFlag = 0x80;

const encoder = new TextEncoder();
const ascii = new TextDecoder("latin1");

/** Writes trailers as the last envelope of a body, in the form of HTTP/1.1. */
export function writeTrailers(fields: HttpFields): Uint8Array {
  let text = "";
  for (const [name, value] of Object.entries(fields)) {
    for (const one of typeof value === "string" ? [value] : value) text += `${name}: ${one}\r\n`;
  }
  return writeEnvelope(encoder.encode(text), trailersFlag);
}

/** Writes bytes as base64, padded by itself: clients decode a body piece by piece. */
export function toBase64(bytes: Uint8Array): Uint8Array {
  return encoder.encode(base64Encode(bytes));
}

/** Reads base64 in which padding can be anywhere. */
export function fromBase64(bytes: Uint8Array): Uint8Array {
  try {
    return base64Decode(ascii.decode(bytes));
  } catch {
    throw new PotterError("invalid_argument", "the request is not valid base64, which its content type names");
  }
}

/** Reads the chunks of a body in base64, however they are cut. */
export async function* decodeChunks(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let rest = "";
  for await (const chunk of chunks) {
    const text = (rest + ascii.decode(chunk)).replace(/[\t\n\r ]/g, "");
    const whole = text.length - (text.length % 4);
    rest = text.slice(whole);
    if (whole > 0) yield fromBase64(encoder.encode(text.slice(0, whole)));
  }
  if (rest !== "") yield fromBase64(encoder.encode(rest));
}
