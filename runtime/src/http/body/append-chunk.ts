/**
 * Appends a chunk to the first `length` bytes of a body, and returns the buffer that has both: a body in one chunk is that chunk, others are
 * in a buffer that grows with them. A list of chunks would take many times the size of a body whose client sends each byte as a chunk, and
 * each chunk may keep the memory of all that arrived with it. `limit`: the length that the body has at most, with this chunk.
 */
export function appendChunk(body: Uint8Array, length: number, chunk: Uint8Array, limit: number): Uint8Array {
  if (length === 0) return chunk;
  const end = length + chunk.length;
  const buffer = end > body.length ? new Uint8Array(Math.min(2 * end, limit)) : body;
  if (buffer !== body) buffer.set(body);
  buffer.set(chunk, length);
  return buffer;
}
