import { PotterError } from "../../../errors/index.js";
import { type Envelope, prefixLength, readLength, truncated } from "./envelope.js";

/**
 * Reads the one envelope of a complete body. Throws a PotterError: `unimplemented` if there is none or more than one, as gRPC
 * demands, `resource_exhausted` above `limit` bytes.
 */
export function readSingleEnvelope(bytes: Uint8Array, limit: number): Envelope {
  if (bytes.length === 0) throw notOneMessage("none");
  if (bytes.length < prefixLength) throw truncated();
  const end = prefixLength + readLength(bytes, 0, limit);
  if (bytes.length < end) throw truncated();
  if (bytes.length > end) throw notOneMessage("more than one");
  return { flags: bytes[0] as number, data: bytes.subarray(prefixLength, end) };
}

/** A stream of requests to a method that takes one request. */
export function notOneMessage(found: string): PotterError {
  return new PotterError("unimplemented", `the method takes exactly one request message, and received ${found}`);
}
