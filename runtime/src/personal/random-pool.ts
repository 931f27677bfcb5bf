const size = 4096;

/**
 * Random bytes for nonces and keys, taken from the system's generator in blocks: a call of it takes longer than to encrypt an
 * event.
 */
export class RandomPool {
  private readonly bytes = new Uint8Array(size);
  private at: number = size;

  /** Fills an array, of at most the size of the pool. The bytes are overwritten in the pool, so none is used twice. */
  fill(target: Uint8Array): void {
    const { length } = target;
    if (this.at + length > size) {
      crypto.getRandomValues(this.bytes);
      this.at = 0;
    }
    const { bytes, at } = this;
    // Byte by byte: for so few, creating a view of the pool takes longer.
    for (let i = 0; i < length; i++) {
      target[i] = bytes[at + i] as number;
      bytes[at + i] = 0;
    }
    this.at = at + length;
  }
}
