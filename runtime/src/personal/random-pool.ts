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
    if (this.at + target.length > size) {
      crypto.getRandomValues(this.bytes);
      this.at = 0;
    }
    const taken = this.bytes.subarray(this.at, this.at + target.length);
    target.set(taken);
    taken.fill(0);
    this.at += target.length;
  }
}
