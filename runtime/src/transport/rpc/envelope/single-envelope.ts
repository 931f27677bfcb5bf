import { PotterError } from "../../../errors/index.js";
import { type Envelope, type EnvelopeRules, prefixLength, readLength, truncated } from "./envelope.js";

/**
 * Reads the one envelope of a complete body. Throws a PotterError: `unimplemented` if there is none or more than one, as gRPC
 * demands, `resource_exhausted` above the limit.
 */
export function readSingleEnvelope(bytes: Uint8Array, rules: EnvelopeRules): Envelope {
  if (bytes.length === 0) throw notOneMessage("none");
  if (bytes.length < prefixLength) throw truncated(rules);
  const end = prefixLength + readLength(bytes, 0, rules);
  if (bytes.length < end) throw truncated(rules);
  if (bytes.length > end) throw notOneMessage("more than one");
  return { flags: bytes[0] as number, data: bytes.subarray(prefixLength, end) };
}

/** A request with another number of messages than its method takes. */
function notOneMessage(found: string): PotterError {
  return new PotterError("unimplemented", `the method takes exactly one request message, and received ${found}`);
}
