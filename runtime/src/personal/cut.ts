import type { CutPlan } from "./cut-plan.js";
import { Scratch } from "./scratch.js";
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

const openScratch = new Scratch();
const editsScratch = new Scratch();

/** Extracts the personal fields from the bytes of a message. Returns undefined if none is set. */
export function cutPersonal(plan: CutPlan, bytes: Uint8Array): Cut | undefined {
  const found = cutBriefly(plan, bytes);
  return found && keepCut(found);
}

/** Like `cutPersonal`, but the parts are valid only until the next call. */
export function cutBriefly(plan: CutPlan, bytes: Uint8Array): Cut | undefined {
  return new Cutter(bytes).cut(plan);
}

/** Copies the parts of a message. */
export function keepCut({ open, edits }: Cut): Cut {
  return { open: open.slice(), edits: edits.slice() };
}

/**
 * Restores a message. It needs no descriptor: fields that were personal when the message was written are restored even if
 * the contract no longer marks them.
 */
export function restorePersonal({ open, edits }: Cut): Uint8Array {
  const cursor = new WireCursor(edits);
  let kept = 0;
  let length = open.length;
  while (cursor.at < edits.length) {
    kept += cursor.varint();
    const drop = cursor.varint();
    const size = cursor.varint();
    cursor.pass(size);
    kept += drop;
    length += size - drop;
  }
  if (kept > open.length) throw malformed();
  const whole = new Uint8Array(length);
  cursor.at = 0;
  let from = 0;
  let to = 0;
  while (cursor.at < edits.length) {
    const keep = cursor.varint();
    const drop = cursor.varint();
    const size = cursor.varint();
    to = copy(open, from, from + keep, whole, to);
    to = copy(edits, cursor.at, cursor.at + size, whole, to);
    cursor.at += size;
    from += keep + drop;
  }
  copy(open, from, open.length, whole, to);
  return whole;
}

/** Returns the offset after the copied bytes. Byte by byte for few, since a view takes longer to create. */
function copy(source: Uint8Array, from: number, end: number, target: Uint8Array, at: number): number {
  if (end - from > 64) target.set(source.subarray(from, end), at);
  else for (let i = from; i < end; i++) target[at + i - from] = source[i] as number;
  return at + end - from;
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
    this.open = openScratch.take(bytes.length);
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
    this.length = copy(this.bytes, this.done, end, this.open, this.length);
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
  const bytes = editsScratch.take(size);
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
