/** Larger contents get an array of their own, so that one large message does not keep memory for good. */
const largest = 16_384;

/** Memory for intermediate bytes of work that ends before anything else begins: allocating an array takes longer than to fill it. */
export class Scratch {
  private readonly bytes = new Uint8Array(largest);

  /** Returns `size` bytes, of any content, which the next call returns again. */
  take(size: number): Uint8Array {
    return size > largest ? new Uint8Array(size) : this.bytes.subarray(0, size);
  }
}
