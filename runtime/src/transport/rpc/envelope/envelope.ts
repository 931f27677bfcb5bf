import { markLogged } from "../../../cqrs/index.js";
import { type Code, PotterError } from "../../../errors/index.js";

// Messages of gRPC, gRPC-Web and streams of Connect have a prefix of five bytes: flags, and the length of what follows.

/** The length of the prefix, in bytes. */
export const prefixLength = 5;

/** The flag of a compressed message. */
export const compressedFlag = 0b1;

/** A message as it was sent, or what ends a stream. */
export interface Envelope {
  /** Eight bits, of which most are reserved. */
  readonly flags: number;
  /** The message: compressed, if its flag says so. */
  readonly data: Uint8Array;
}

/** What limits the envelopes of a request. */
export interface EnvelopeRules {
  /** The largest message, as it is sent and as it is inflated, in bytes. */
  readonly limit: number;
  /** The code of a request that is no sequence of envelopes: the protocols differ in it. */
  readonly malformed: Code;
}

/** Writes an envelope. */
export function writeEnvelope(data: Uint8Array, flags = 0): Uint8Array {
  const { length } = data;
  const bytes = new Uint8Array(prefixLength + length);
  bytes[0] = flags;
  bytes[1] = length >>> 24;
  bytes[2] = length >>> 16;
  bytes[3] = length >>> 8;
  bytes[4] = length;
  bytes.set(data, prefixLength);
  return bytes;
}

/** Reads the length from the prefix that begins at `start`. Throws a PotterError `resource_exhausted` above the limit. */
export function readLength(bytes: Uint8Array, start: number, { limit }: EnvelopeRules): number {
  const [a, b, c, d] = [bytes[start + 1] ?? 0, bytes[start + 2] ?? 0, bytes[start + 3] ?? 0, bytes[start + 4] ?? 0];
  const length = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
  if (length > limit) throw messageTooLarge(limit);
  return length;
}

/** A message above the limit, as it is sent or when it is inflated. */
export function messageTooLarge(limit: number): PotterError {
  return new PotterError("resource_exhausted", `a message of the request is larger than ${limit} bytes`);
}

/** The request ended in the middle of an envelope. */
export function truncated({ malformed }: EnvelopeRules): PotterError {
  return malformedRequest(malformed, "the request ended in the middle of a message");
}

/** A request that breaks the rules of its protocol. Whatever its code is, the client is at fault: it sees why, and nothing is logged. */
export function malformedRequest(code: Code, message: string): PotterError {
  return markLogged(new PotterError(code, message, { confidential: false }));
}
