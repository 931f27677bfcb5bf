import type { MaybePromise } from "../../../async/index.js";
import {
  compressedFlag,
  type Envelope,
  type EnvelopeRules,
  malformedRequest,
  writeEnvelope,
} from "../envelope/index.js";
import type { Coding } from "./coding.js";
import { decompress } from "./decompress.js";

/**
 * Returns the message of an envelope, inflated if its flag says so. Throws or rejects with a PotterError: `internal` for a compressed
 * message without a coding, `resource_exhausted` above the limit, and the code of a malformed request for other flags and bytes.
 */
export function openEnvelope(
  { flags, data }: Envelope,
  coding: Coding | undefined,
  rules: EnvelopeRules,
): MaybePromise<Uint8Array> {
  if (flags === 0) return data;
  if (flags !== compressedFlag) {
    const message = "a message of the request has reserved flags: expected none but that of a compressed message";
    throw malformedRequest(rules.malformed, message);
  }
  if (coding === undefined) {
    throw malformedRequest("internal", "a message of the request is compressed, but no header names the compression");
  }
  return decompress(coding, data, rules);
}

/** Returns the envelope of a message, compressed if it is not empty and not smaller than `threshold`. */
export function sealEnvelope(
  bytes: Uint8Array,
  coding: Coding | undefined,
  threshold: number,
): MaybePromise<Uint8Array> {
  if (coding === undefined || bytes.length < threshold || bytes.length === 0) return writeEnvelope(bytes);
  return coding.compress(bytes).then((compressed) => writeEnvelope(compressed, compressedFlag));
}
