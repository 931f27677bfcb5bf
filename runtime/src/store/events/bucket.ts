import type { StreamId } from "../ports/index.js";

/** Number of buckets that streams are distributed over. Consumers that share work own ranges of buckets. */
export const bucketCount = 256;

/**
 * Returns the bucket of a stream, from 0 to 255. It never changes, so that events of one stream always go to the same consumer.
 * FNV-1a over the UTF-16 code units, folded to eight bits.
 */
export function bucketOf({ tenant, type, id }: StreamId): number {
  let hash = 0x811c9dc5;
  for (const text of [tenant, type, id]) {
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    // A separator between the parts, so that ("ab", "c") and ("a", "bc") differ.
    hash = Math.imul(hash ^ 0xffff, 0x01000193);
  }
  return (hash ^ (hash >>> 8) ^ (hash >>> 16) ^ (hash >>> 24)) & 0xff;
}
