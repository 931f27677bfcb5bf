import type { CutPlan } from "./cut-plan.js";
import { malformed, varintSize, WireCursor, writeVarint } from "./wire-cursor.js";

/** The bytes of a message in two parts: the open fields, and the edits that restore the message. */
export interface Cut {
  /** A message of the same type, without its personal fields. */
  readonly open: Uint8Array;
  /** The edits that restore the message from `open`, byte for byte. They hold all personal data. */
  readonly edits: Uint8Array;
}

/** At an offset of the open bytes: remove `drop` bytes and insert `insert`. */
interface Edit {
  at: number;
  readonly drop: number;
  insert: Uint8Array;
}

/** Extracts the personal fields from the bytes of a message. Returns undefined if none is set. */
export function cutPersonal(plan: CutPlan, bytes: Uint8Array): Cut | undefined {
  return new Cutter(bytes).cut(plan);
}

/**
 * Restores a message. It needs no descriptor: fields that were personal when the message was written are restored even if
 * the contract no longer marks them.
 */
export function restorePersonal({ open, edits }: Cut): Uint8Array {
  const parts: Uint8Array[] = [];
  const cursor = new WireCursor(edits);
  let at = 0;
  while (cursor.at < edits.length) {
    const keep = cursor.varint();
    const drop = cursor.varint();
    const size = cursor.varint();
    const start = cursor.at;
    cursor.pass(size);
    parts.push(open.subarray(at, at + keep), edits.subarray(start, cursor.at));
    at += keep + drop;
  }
  if (at > open.length) throw malformed();
  parts.push(open.subarray(at));
  return concat(parts);
}

class Cutter {
  private readonly bytes: Uint8Array;
  private readonly cursor: WireCursor;
  /** Never longer than the message: fields are removed, and a shorter message never has a longer length prefix. */
  private readonly open: Uint8Array;
  /** The number of bytes of `open` in use. */
  private length = 0;
  /** The offset up to which the message has been copied or cut. */
  private done = 0;
  private readonly edits: Edit[] = [];

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.cursor = new WireCursor(bytes);
    this.open = new Uint8Array(bytes.length);
  }

  cut(plan: CutPlan): Cut | undefined {
    this.message(plan, this.bytes.length);
    if (this.edits.length === 0) return undefined;
    this.keep(this.bytes.length);
    return { open: this.open.subarray(0, this.length), edits: encode(this.edits) };
  }

  /** Processes the fields up to `end`, or up to the end of the group with that number. */
  private message(plan: CutPlan, end: number, group?: number): void {
    const { cursor } = this;
    while (cursor.at < end) {
      const start = cursor.at;
      const tag = cursor.varint();
      const [number, type] = [tag >>> 3, tag & 7];
      if (type === 4) {
        if (number === group) return;
        throw malformed();
      }
      const cut = plan.get(number);
      if (cut === undefined) cursor.passValue(tag);
      else if (cut !== "whole" && type === 2) this.nested(cut);
      else if (cut !== "whole" && type === 3) this.message(cut, end, number);
      else {
        // Also a field of another wire type than the contract declares: it may hold personal data.
        cursor.passValue(tag);
        this.take(start, cursor.at);
      }
    }
    if (cursor.at > end || group !== undefined) throw malformed();
  }

  /** Processes a length-delimited message. If something is cut out of it, its length prefix changes too. */
  private nested(plan: CutPlan): void {
    const { cursor } = this;
    const lengthStart = cursor.at;
    const size = cursor.varint();
    const contentStart = cursor.at;
    const end = contentStart + size;
    if (end > this.bytes.length) throw malformed();
    this.keep(contentStart);
    const before = this.edits.length;
    const contentAt = this.length;
    this.message(plan, end);
    if (this.edits.length === before) return;
    this.keep(end);
    const oldSize = contentStart - lengthStart;
    const newSize = varintSize(this.length - contentAt);
    const shorter = oldSize - newSize;
    const lengthAt = contentAt - oldSize;
    writeVarint(this.open, lengthAt, this.length - contentAt);
    if (shorter > 0) {
      this.open.copyWithin(lengthAt + newSize, contentAt, this.length);
      this.length -= shorter;
      for (let i = before; i < this.edits.length; i++) (this.edits[i] as Edit).at -= shorter;
    }
    const insert = this.bytes.subarray(lengthStart, contentStart);
    this.edits.splice(before, 0, { at: lengthAt, drop: newSize, insert });
  }

  private keep(end: number): void {
    if (end <= this.done) return;
    this.open.set(this.bytes.subarray(this.done, end), this.length);
    this.length += end - this.done;
    this.done = end;
  }

  private take(start: number, end: number): void {
    this.keep(start);
    const last = this.edits.at(-1);
    if (last !== undefined && last.drop === 0 && last.at === this.length) {
      // Nothing was kept in between, so the two are adjacent.
      last.insert = this.bytes.subarray(start - last.insert.length, end);
    } else this.edits.push({ at: this.length, drop: 0, insert: this.bytes.subarray(start, end) });
    this.done = end;
  }
}

function encode(edits: readonly Edit[]): Uint8Array {
  let size = 0;
  let at = 0;
  for (const edit of edits) {
    size += varintSize(edit.at - at) + varintSize(edit.drop) + varintSize(edit.insert.length) + edit.insert.length;
    at = edit.at + edit.drop;
  }
  const bytes = new Uint8Array(size);
  let end = 0;
  at = 0;
  for (const { at: place, drop, insert } of edits) {
    end = writeVarint(bytes, end, place - at);
    end = writeVarint(bytes, end, drop);
    end = writeVarint(bytes, end, insert.length);
    bytes.set(insert, end);
    end += insert.length;
    at = place + drop;
  }
  return bytes;
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
