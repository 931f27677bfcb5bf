import type { DescField, DescMessage } from "@bufbuild/protobuf";
import type { AnyCodec } from "./codec.js";
import { fingerprint } from "./hash.js";

/**
 * Returns the fingerprint of a message. It does not depend on the order of map entries and of unknown fields with different
 * numbers. It depends on the order of repeated fields.
 */
export function fingerprintOf(codec: AnyCodec, message: unknown): string {
  return fingerprint(canonical(codec.encode(message), codec.schema));
}

/**
 * Returns the canonical bytes of a message without the fields with the given numbers. Two messages that differ only in these
 * fields have the same bytes.
 */
export function encodeWithout(codec: AnyCodec, message: unknown, without: ReadonlySet<number>): Uint8Array {
  const bytes = canonical(codec.encode(message), codec.schema);
  const kept: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const [tag, start] = readVarint(bytes, at);
    const [, , end] = readExtent(bytes, start, tag, start - at);
    if (!without.has(Math.floor(tag / 8))) kept.push(bytes.subarray(at, end));
    at = end;
  }
  return concat(kept);
}

/** One field on the wire, with its tag. */
interface Entry {
  readonly number: number;
  readonly bytes: Uint8Array;
}

/** The fields of a message, or of a map entry, by number. */
type Fields = ReadonlyMap<number, { readonly isMap: boolean; readonly inner: () => Fields | undefined }>;

const known = new WeakMap<DescMessage, Fields>();

/**
 * Returns the bytes of a message in canonical order: fields by number, map entries by their bytes. The content of unknown fields
 * stays as it is. Returns the same array if it is already in order.
 */
export function canonical(bytes: Uint8Array, schema: DescMessage): Uint8Array {
  const fields = fieldsOf(schema);
  return isCanonical(bytes, 0, bytes.length, fields) ? bytes : sort(bytes, fields);
}

/**
 * Whether the bytes from `start` to `end` are in canonical order, as those of most messages are. false also if only `sort` can
 * find out: if there are several entries of a map, groups, or unusual tags. Creates no objects.
 */
function isCanonical(bytes: Uint8Array, start: number, end: number, fields: Fields): boolean {
  let last = 0;
  let at = start;
  while (at < end) {
    let tag = bytes[at++] as number;
    if (tag > 0x7f) {
      const high = bytes[at++] ?? 0xff;
      if (high > 0x7f) return false;
      tag = (tag & 0x7f) | (high << 7);
    }
    const number = tag >>> 3;
    const field = fields.get(number);
    if (number < last || (number === last && field?.isMap === true)) return false;
    last = number;
    const type = tag & 7;
    if (type === 0) while ((bytes[at++] ?? 0) > 0x7f);
    else if (type === 1) at += 8;
    else if (type === 5) at += 4;
    else if (type === 2) {
      let length = 0;
      for (let shift = 0; ; shift += 7) {
        const byte = bytes[at++];
        if (byte === undefined || shift > 21) return false;
        length |= (byte & 0x7f) << shift;
        if (byte < 0x80) break;
      }
      const inner = field?.inner();
      if (inner !== undefined && !isCanonical(bytes, at, at + length, inner)) return false;
      at += length;
    } else return false;
  }
  return at === end;
}

function sort(bytes: Uint8Array, fields: Fields): Uint8Array {
  const entries: Entry[] = [];
  let isSorted = true;
  let last = 0;
  for (let at = 0; at < bytes.length; ) {
    const [tag, start] = readVarint(bytes, at);
    const number = Math.floor(tag / 8);
    const [from, to, end] = readExtent(bytes, start, tag, start - at);
    const field = fields.get(number);
    const inner = tag % 8 === 2 || tag % 8 === 3 ? field?.inner() : undefined;
    const before = inner && bytes.subarray(from, to);
    const after = inner && before && sort(before, inner);
    const same = after === before;
    entries.push({
      number,
      bytes:
        same || after === undefined
          ? bytes.subarray(at, end)
          : concat([bytes.subarray(at, from), after, bytes.subarray(to, end)]),
    });
    if (!same || number < last || (field?.isMap === true && number === last)) isSorted = false;
    last = number;
    at = end;
  }
  if (isSorted) return bytes;
  entries.sort((a, b) => a.number - b.number || (fields.get(a.number)?.isMap === true ? compare(a.bytes, b.bytes) : 0));
  return concat(entries.map((entry) => entry.bytes));
}

function fieldsOf(schema: DescMessage): Fields {
  let found = known.get(schema);
  if (found === undefined) {
    found = new Map(
      schema.fields.map((field) => [field.number, { isMap: field.fieldKind === "map", inner: () => innerOf(field) }]),
    );
    known.set(schema, found);
  }
  return found;
}

function innerOf(field: DescField): Fields | undefined {
  const { message } = field;
  if (message === undefined) return undefined;
  if (field.fieldKind !== "map") return fieldsOf(message);
  return new Map([[2, { isMap: false, inner: () => fieldsOf(message) }]]);
}

function readVarint(bytes: Uint8Array, at: number): readonly [value: number, end: number] {
  let value = 0;
  let scale = 1;
  for (let i = at; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return [value, i + 1];
    scale *= 128;
  }
  return [value, bytes.length];
}

/** Returns where the value of a field begins (after its length), where the value ends, and where the field ends. */
function readExtent(
  bytes: Uint8Array,
  at: number,
  tag: number,
  tagSize: number,
): readonly [from: number, to: number, end: number] {
  const [from, end] = readValue(bytes, at, tag);
  return [from, tag % 8 === 3 ? Math.max(from, end - tagSize) : end, end];
}

function readValue(bytes: Uint8Array, at: number, tag: number): readonly [from: number, end: number] {
  switch (tag % 8) {
    case 0:
      return [at, readVarint(bytes, at)[1]];
    case 1:
      return [at, Math.min(at + 8, bytes.length)];
    case 2: {
      const [length, from] = readVarint(bytes, at);
      return [from, Math.min(from + length, bytes.length)];
    }
    case 3:
      return [at, readGroup(bytes, at, Math.floor(tag / 8))];
    case 5:
      return [at, Math.min(at + 4, bytes.length)];
    default:
      return [at, bytes.length];
  }
}

/** Returns where a group ends, after its end tag. */
function readGroup(bytes: Uint8Array, start: number, number: number): number {
  for (let at = start; at < bytes.length; ) {
    const [tag, from] = readVarint(bytes, at);
    if (tag % 8 === 4 && Math.floor(tag / 8) === number) return from;
    at = readValue(bytes, from, tag)[1];
  }
  return bytes.length;
}

function compare(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
