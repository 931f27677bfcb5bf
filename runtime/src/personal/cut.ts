import type { CutPlan } from "./cut-plan.js";
import { malformed, varintSize, WireCursor, writeVarint } from "./wire-cursor.js";

/** The bytes of a message in two: what may be seen, and what makes it whole again. */
export interface Cut {
  /** A message of the same type, without its personal fields. */
  readonly open: Uint8Array;
  /** How to get from `open` back to the message, byte for byte. Holds all that is personal. */
  readonly edits: Uint8Array;
}

/** At a place of the open bytes: take away `drop` bytes, put in `insert`. */
interface Edit {
  at: number;
  readonly drop: number;
  insert: Uint8Array;
}

/** Cuts the personal fields out of the bytes of a message. undefined: none is set. */
export function cutPersonal(plan: CutPlan, bytes: Uint8Array): Cut | undefined {
  return new Cutter(bytes).cut(plan);
}

/**
 * Makes a message whole again. Needs no descriptor: what was personal when it was written comes back, whatever the
 * contract says of the field today.
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
  /** Never longer than the message: fields go, and a shorter message has no longer length. */
  private readonly open: Uint8Array;
  /** How much of `open` is filled. */
  private length = 0;
  /** Up to where the message has been copied or cut. */
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

  /** Goes through the fields up to `end`, or up to the end of the group of that number. */
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
        // Also what is not of the type that the contract gives it: it stands where personal data belongs.
        cursor.passValue(tag);
        this.take(start, cursor.at);
      }
    }
    if (cursor.at > end || group !== undefined) throw malformed();
  }

  /** A message behind its length. Where something is cut out of it, its length changes too. */
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
      // Nothing was kept since, so the two stand side by side.
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
