import type { SqlArray, SqlElement } from "../../sql/index.js";

/** OIDs of the element types. */
const oids: Readonly<Record<SqlElement, number>> = {
  boolean: 16,
  bytea: 17,
  int8: 20,
  int2: 21,
  int4: 23,
  text: 25,
  uuid: 2950,
};

/** Texts up to this length are copied character by character, which is faster than a call of the encoder. */
const shortText = 64;
/** A buffer that has grown larger than this is not kept for the next statement. */
const keptSize = 1024 * 1024;

/** Written only while a statement is bound. */
let scratch: Buffer = Buffer.allocUnsafeSlow(16 * 1024);

/**
 * Returns arrays of one dimension in PostgreSQL's binary format: how many dimensions, whether there are nulls, the type of
 * the elements, length and lower bound, then each element with its length before it. In text format every element would
 * need quotes, and bytes would take twice the space. All of one call share a buffer.
 */
export function toBinaryArrays(arrays: readonly SqlArray[]): readonly Buffer[] {
  const writer = new Writer(scratch);
  const ends = arrays.map((array) => {
    writeArray(writer, array);
    return writer.at;
  });
  const bytes = Buffer.allocUnsafe(writer.at);
  writer.buffer.copy(bytes, 0, 0, writer.at);
  if (writer.buffer.length <= keptSize) scratch = writer.buffer;
  return ends.map((end, i) => bytes.subarray(i === 0 ? 0 : ends[i - 1], end));
}

function writeArray(writer: Writer, { element, values }: SqlArray): void {
  writer.int32(1);
  writer.int32(values.includes(null) ? 1 : 0);
  writer.int32(oids[element]);
  writer.int32(values.length);
  writer.int32(1);
  for (const value of values) {
    if (value === null) writer.int32(-1);
    else write(writer, element, value);
  }
}

function write(writer: Writer, element: SqlElement, value: string | number | boolean | Uint8Array): void {
  switch (element) {
    case "boolean":
      writer.int32(1);
      writer.byte(value === true ? 1 : 0);
      break;
    case "int2":
      writer.int32(2);
      writer.int16(value as number);
      break;
    case "int4":
      writer.int32(4);
      writer.int32(value as number);
      break;
    case "int8":
      writer.int32(8);
      writer.int64(value as number);
      break;
    case "bytea":
      writer.bytes(value as Uint8Array);
      break;
    case "uuid":
      writer.uuid(value as string);
      break;
    case "text":
      writer.text(value as string);
      break;
  }
}

class Writer {
  buffer: Buffer;
  at = 0;

  constructor(buffer: Buffer) {
    this.buffer = buffer;
  }

  byte(value: number): void {
    this.reserve(1);
    this.buffer[this.at++] = value;
  }

  int16(value: number): void {
    this.reserve(2);
    this.at = this.buffer.writeInt16BE(value, this.at);
  }

  int32(value: number): void {
    this.reserve(4);
    const { buffer, at } = this;
    buffer[at] = value >>> 24;
    buffer[at + 1] = value >>> 16;
    buffer[at + 2] = value >>> 8;
    buffer[at + 3] = value;
    this.at = at + 4;
  }

  int64(value: number): void {
    this.reserve(8);
    // Safe integers only, so that no bigint is created.
    this.int32(Math.floor(value / 2 ** 32));
    this.int32(value >>> 0);
  }

  bytes(value: Uint8Array): void {
    this.int32(value.length);
    this.reserve(value.length);
    this.buffer.set(value, this.at);
    this.at += value.length;
  }

  uuid(value: string): void {
    this.int32(16);
    this.reserve(16);
    let digits = 0;
    for (let i = 0; i < value.length; i++) {
      const code = value.charCodeAt(i);
      if (code === dash) continue;
      const digit = hexDigit(code);
      if (digit < 0 || digits === 32) throw notUuid();
      const at = this.at + (digits >> 1);
      this.buffer[at] = digits % 2 === 0 ? digit << 4 : (this.buffer[at] as number) | digit;
      digits++;
    }
    if (digits !== 32) throw notUuid();
    this.at += 16;
  }

  text(value: string): void {
    // UTF-8 takes at most three bytes for each code unit.
    this.reserve(4 + value.length * 3);
    const start = this.at + 4;
    const isWritten = value.length <= shortText && writeAscii(this.buffer, start, value);
    const length = isWritten ? value.length : this.buffer.write(value, start);
    this.int32(length);
    this.at = start + length;
  }

  private reserve(size: number): void {
    if (this.at + size <= this.buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.buffer.length * 2, this.at + size));
    this.buffer.copy(larger, 0, 0, this.at);
    this.buffer = larger;
  }
}

const dash = 0x2d;

/** The value of a hexadecimal digit; -1: it is none. */
function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

function notUuid(): TypeError {
  return new TypeError("expected a UUID as the id of an event");
}

/** Returns whether the text was written: its characters are all ASCII. */
function writeAscii(target: Buffer, at: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) return false;
    target[at + i] = code;
  }
  return true;
}
