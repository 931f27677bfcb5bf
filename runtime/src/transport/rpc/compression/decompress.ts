import { type EnvelopeRules, malformedRequest, messageTooLarge } from "../envelope/index.js";
import { type Coding, TooLarge } from "./coding.js";

/** Inflates a message. Rejects with a PotterError: `resource_exhausted` above the limit, that of malformed requests for other bytes. */
export async function decompress(
  coding: Coding,
  bytes: Uint8Array,
  { limit, malformed }: EnvelopeRules,
): Promise<Uint8Array> {
  if (bytes.length === 0) return bytes;
  try {
    return await coding.decompress(bytes, limit);
  } catch (error) {
    if (error instanceof TooLarge) throw messageTooLarge(limit);
    throw malformedRequest(malformed, `a message of the request is not valid ${coding.name}, which its header names`);
  }
}
