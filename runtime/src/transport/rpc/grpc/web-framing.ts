import { base64Encode } from "@bufbuild/protobuf/wire";
import type { HttpFields } from "../../../http/index.js";
import { writeEnvelope } from "../envelope/index.js";

/** The flag of the envelope that has the trailers. */
const trailersFlag = 0x80;

const encoder = new TextEncoder();

/** Writes trailers as the last envelope of a body, in the form of HTTP/1.1. */
export function writeTrailers(fields: HttpFields): Uint8Array {
  let text = "";
  for (const [name, value] of Object.entries(fields)) {
    for (const one of typeof value === "string" ? [value] : value) text += `${name}: ${one}\r\n`;
  }
  return writeEnvelope(encoder.encode(text), trailersFlag);
}

/** Writes envelopes one after another, each as padded base64 by itself: clients decode a body piece by piece. */
export function toWebBody(isBase64: boolean, ...envelopes: readonly Uint8Array[]): Uint8Array {
  const parts = isBase64 ? envelopes.map((bytes) => encoder.encode(base64Encode(bytes))) : envelopes;
  const [first, ...more] = parts;
  if (first !== undefined && more.length === 0) return first;
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
