const encoder = new TextEncoder();

/** Longer texts are written by a TextEncoder. */
const longestAscii = 64;

/**
 * Writes values in the binary wire format to a buffer of a fixed size, which is used for one message after another. What does not
 * fit is not written: `finish` returns undefined then.
 */
export class WireWriter {
  private readonly buffer: Uint8Array = new Uint8Array(16_384);
  private pos = 0;

  start(): void {
    this.pos = 0;
  }

  finish(): Uint8Array | undefined {
    return this.pos > this.buffer.length ? undefined : this.buffer.slice(0, this.pos);
  }

  /** Writes a tag, a length, or another number of at most 32 bits without a sign. */
  uint32(value: number): void {
    let rest = value;
    while (rest > 0x7f) {
      this.buffer[this.pos++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.buffer[this.pos++] = rest;
  }

  int32(value: number): void {
    if (value >= 0) this.uint32(value);
    else this.uint64(BigInt(value));
  }

  /** Writes an integer of 64 bits, with or without a sign. */
  uint64(value: bigint): void {
    let rest = Number(value);
    if (rest < 0 || rest > Number.MAX_SAFE_INTEGER) {
      this.longUint64(BigInt.asUintN(64, value));
      return;
    }
    while (rest > 0x7f) {
      this.buffer[this.pos++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.buffer[this.pos++] = rest;
  }

  private longUint64(value: bigint): void {
    let rest = value;
    while (rest > 0x7fn) {
      this.buffer[this.pos++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.buffer[this.pos++] = Number(rest);
  }

  double(value: number): void {
    const { buffer } = this.buffer;
    if (this.pos + 8 <= this.buffer.length) new DataView(buffer).setFloat64(this.pos, value, true);
    this.pos += 8;
  }

  bytes(value: Uint8Array): void {
    this.uint32(value.length);
    if (this.pos + value.length <= this.buffer.length) this.buffer.set(value, this.pos);
    this.pos += value.length;
  }

  string(value: string): void {
    const { length } = value;
    if (length > longestAscii) {
      this.bytes(encoder.encode(value));
      return;
    }
    const start = this.pos + 1;
    for (let i = 0; i < length; i++) {
      const code = value.charCodeAt(i);
      if (code > 0x7f) {
        this.bytes(encoder.encode(value));
        return;
      }
      this.buffer[start + i] = code;
    }
    this.buffer[this.pos] = length;
    this.pos = start + length;
  }

  /** Begins what has its length before it. Returns where it begins. */
  begin(): number {
    return ++this.pos;
  }

  /** Ends what began at `start`, and writes its length. */
  end(start: number): void {
    const length = this.pos - start;
    // One byte is there for the length.
    const moved = length < 0x80 ? 0 : length < 0x4000 ? 1 : 2;
    if (moved > 0) this.buffer.copyWithin(start + moved, start, this.pos);
    const end = this.pos + moved;
    this.pos = start - 1;
    this.uint32(length);
    this.pos = end;
  }
}
