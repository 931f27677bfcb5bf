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

/**
 * An array of one dimension in PostgreSQL's binary format: how many dimensions, whether there are nulls, the type of
 * the elements, length and lower bound, then each element with its length before it. In text format every element would
 * need quotes, and bytes would take twice the space.
 */
export function toBinaryArray({ element, values }: SqlArray): Buffer {
  const writer = new Writer(20 + values.length * 24);
  writer.int32(1);
  writer.int32(values.includes(null) ? 1 : 0);
  writer.int32(oids[element]);
  writer.int32(values.length);
  writer.int32(1);
  for (const value of values) {
    if (value === null) writer.int32(-1);
    else write(writer, element, value);
  }
  return writer.done();
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
  private buffer: Buffer;
  private at = 0;

  constructor(size: number) {
    this.buffer = Buffer.allocUnsafe(size);
  }

  done(): Buffer {
    return this.buffer.subarray(0, this.at);
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
    this.at = this.buffer.writeInt32BE(value, this.at);
  }

  int64(value: number): void {
    this.reserve(8);
    this.at = this.buffer.writeBigInt64BE(BigInt(value), this.at);
  }

  bytes(value: Uint8Array): void {
    this.int32(value.length);
    this.reserve(value.length);
    this.buffer.set(value, this.at);
    this.at += value.length;
  }

  uuid(value: string): void {
    const hex = value.replaceAll("-", "");
    if (!/^[0-9a-fA-F]{32}$/.test(hex)) throw new TypeError("expected a UUID as the id of an event");
    this.int32(16);
    this.reserve(16);
    this.at += this.buffer.write(hex, this.at, 16, "hex");
  }

  text(value: string): void {
    // UTF-8 takes at most three bytes for each code unit.
    this.reserve(4 + value.length * 3);
    const length = this.buffer.write(value, this.at + 4);
    this.buffer.writeInt32BE(length, this.at);
    this.at += 4 + length;
  }

  private reserve(size: number): void {
    if (this.at + size <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.at + size));
    this.buffer.copy(larger, 0, 0, this.at);
    this.buffer = larger;
  }
}
