const block = 8192;
/** Larger envelopes get an array of their own, so that few bytes of a block are left over. */
const largest = 1024;

let bytes = new Uint8Array(0);
let at = 0;

/**
 * Returns zeroed memory for an envelope, which is a part of a larger block: to allocate an array of more than 64 bytes takes
 * longer than to fill it. A block is freed when none of its envelopes is in use.
 */
export function allocateEnvelope(size: number): Uint8Array {
  if (size > largest) return new Uint8Array(size);
  if (at + size > bytes.length) {
    bytes = new Uint8Array(block);
    at = 0;
  }
  const start = at;
  at += size;
  return bytes.subarray(start, at);
}
