import { PotterError } from "../errors/index.js";

/** Reads tags and lengths of the binary format in place, without copying. It exposes the offset at which each field ends. */
export class WireCursor {
  readonly bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  /** Reads a varint of 32 bits. Higher bits are skipped. */
  varint(): number {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) break;
      if (shift < 32) value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
    throw malformed();
  }

  /** Advances by a number of bytes. */
  pass(length: number): void {
    this.at += length;
    if (this.at > this.bytes.length) throw malformed();
  }

  /** Advances past the value of a field whose tag was read. */
  passValue(tag: number): void {
    switch (tag & 7) {
      case 0:
        this.varint();
        return;
      case 1:
        this.pass(8);
        return;
      case 2:
        this.pass(this.varint());
        return;
      case 3:
        for (;;) {
          const inner = this.varint();
          if ((inner & 7) !== 4) this.passValue(inner);
          else if (inner >>> 3 === tag >>> 3) return;
          else throw malformed();
        }
      case 5:
        this.pass(4);
        return;
      default:
        throw malformed();
    }
  }
}

/** Returns the size of a varint in bytes. */
export function varintSize(value: number): number {
  return value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x200000 ? 3 : value < 0x10000000 ? 4 : 5;
}

/** Writes a varint. Returns the offset after it. */
export function writeVarint(target: Uint8Array, at: number, value: number): number {
  let rest = value;
  let end = at;
  while (rest >= 0x80) {
    target[end++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  target[end++] = rest;
  return end;
}

/** The error for bytes that cannot be read. Its message never contains the bytes. */
export function malformed(): PotterError {
  return new PotterError(
    "data_loss",
    "the bytes of a message with personal fields are not in protobuf's binary format",
  );
}
