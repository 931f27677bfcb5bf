/** A message as gRPC sends it: a flag, its length, its bytes. */
export function toFrame(bytes) {
  const frame = Buffer.allocUnsafe(5 + bytes.length);
  frame[0] = 0;
  frame.writeUInt32BE(bytes.length, 1);
  frame.set(bytes, 5);
  return frame;
}

/** Cuts chunks, as they arrive, into messages. */
export class FrameReader {
  #rest = undefined;

  /** Calls `onMessage(bytes)` for each message that is complete. Throws if one is compressed, which nobody has offered. */
  read(chunk, onMessage) {
    const bytes = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    while (bytes.length - at >= 5) {
      if (bytes[at] !== 0) throw new Error("a message is compressed");
      const end = at + 5 + bytes.readUInt32BE(at + 1);
      if (end > bytes.length) break;
      onMessage(bytes.subarray(at + 5, end));
      at = end;
    }
    this.#rest = at === bytes.length ? undefined : bytes.subarray(at);
  }

  /** Whether no message is cut off. */
  get isWhole() {
    return this.#rest === undefined;
  }
}
