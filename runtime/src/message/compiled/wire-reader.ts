const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Thrown for bytes that need a closer look. */
const unusual = new Error("protobuf-es reads these bytes");

/** Longer texts are read by a TextDecoder. */
const longestAscii = 32;

/** The character codes of a text, by its length: an array for each text would be most of what reading a message allocates. */
const codesOf: readonly number[][] = Array.from({ length: longestAscii + 1 }, (_, length) =>
  Array.from({ length }, () => 0),
);

/**
 * Reads values of the binary wire format. Its methods are named as those of BinaryReader of protobuf-es. It creates less, reads
 * only what encoders write, and throws otherwise: then protobuf-es reads the message again, and decides.
 */
export class WireReader {
  pos = 0;
  private readonly bytesRead: Uint8Array;
  private lazyView: DataView | undefined = undefined;

  constructor(bytes: Uint8Array) {
    this.bytesRead = bytes;
  }

  /** Reads a tag of at most two bytes; 0 for another one. */
  tag(): number {
    const first = this.bytesRead[this.pos++] as number;
    if (first < 0x80) return first;
    const second = this.bytesRead[this.pos++] as number;
    return second < 0x80 ? (first & 0x7f) | (second << 7) : 0;
  }

  /** Reads the length of what follows. Returns where it ends. */
  end(): number {
    const length = this.uint32();
    const end = this.pos + length;
    if (end > this.bytesRead.length) throw unusual;
    return end;
  }

  uint32(): number {
    const first = this.bytesRead[this.pos++] as number;
    if (first < 0x80) return first;
    let value = first & 0x7f;
    for (let shift = 7; shift < 70; shift += 7) {
      const byte = this.bytesRead[this.pos++] as number;
      // A negative number has ten bytes, of which the last five repeat its sign.
      if (shift < 35) value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
    throw unusual;
  }

  int32(): number {
    return this.uint32() | 0;
  }

  sint32(): number {
    const value = this.uint32();
    return (value >>> 1) ^ -(value & 1);
  }

  bool(): boolean {
    const byte = this.bytesRead[this.pos++] as number;
    if (byte < 0x80) return byte !== 0;
    throw unusual;
  }

  uint64(): bigint {
    let value = 0;
    let factor = 1;
    const start = this.pos;
    // Seven bytes are exact as a number.
    for (let i = 0; i < 7; i++) {
      const byte = this.bytesRead[this.pos++] as number;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return BigInt(value);
      factor *= 0x80;
    }
    this.pos = start;
    return this.longUint64();
  }

  private longUint64(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.bytesRead[this.pos++] as number;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw unusual;
  }

  int64(): bigint {
    return BigInt.asIntN(64, this.uint64());
  }

  sint64(): bigint {
    const value = this.uint64();
    return (value >> 1n) ^ -(value & 1n);
  }

  private get view(): DataView {
    const { buffer, byteOffset, byteLength } = this.bytesRead;
    this.lazyView ??= new DataView(buffer, byteOffset, byteLength);
    return this.lazyView;
  }

  /** Moves on by a fixed number of bytes. Returns where they begin. */
  private skip(length: number): number {
    const at = this.pos;
    this.pos += length;
    return at;
  }

  fixed32(): number {
    return this.view.getUint32(this.skip(4), true);
  }

  sfixed32(): number {
    return this.view.getInt32(this.skip(4), true);
  }

  fixed64(): bigint {
    return this.view.getBigUint64(this.skip(8), true);
  }

  sfixed64(): bigint {
    return this.view.getBigInt64(this.skip(8), true);
  }

  float(): number {
    return this.view.getFloat32(this.skip(4), true);
  }

  double(): number {
    return this.view.getFloat64(this.skip(8), true);
  }

  bytes(): Uint8Array {
    const end = this.end();
    const start = this.pos;
    this.pos = end;
    return this.bytesRead.subarray(start, end);
  }

  string(): string {
    const end = this.end();
    const start = this.pos;
    this.pos = end;
    const bytes = this.bytesRead;
    const length = end - start;
    if (length > longestAscii) return decoder.decode(bytes.subarray(start, end));
    const codes = codesOf[length] as number[];
    for (let i = 0; i < length; i++) {
      const byte = bytes[start + i] as number;
      if (byte > 0x7f) return decoder.decode(bytes.subarray(start, end));
      codes[i] = byte;
    }
    return String.fromCharCode.apply(null, codes);
  }
}
