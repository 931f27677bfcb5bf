import { allocateEnvelope } from "./envelope-memory.js";
import { malformed, varintSize, WireCursor, writeVarint } from "./wire-cursor.js";

/** The number of the field that holds the encrypted data: the highest that protobuf has. */
export const envelopeField = 536_870_911;

/** The tag of that field. It is the first field of a message, so five bytes show whether there is an envelope. */
const tag = [0xfa, 0xff, 0xff, 0xff, 0x0f] as const;

const format = 1;
const utf8 = new TextEncoder();
const noName = new Uint8Array();
const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A message whose personal fields are encrypted. Other protobuf readers see it as a message without these fields. */
export interface Envelope {
  /** Empty: the owner of the place where the bytes are stored, such as the id of the stream. */
  readonly subject: string;
  readonly generation: number;
  /** The encrypted edits. */
  readonly sealed: Uint8Array;
  /** The message without its personal fields. */
  readonly open: Uint8Array;
}

export function hasEnvelope(bytes: Uint8Array | undefined): bytes is Uint8Array {
  return bytes !== undefined && bytes[0] === tag[0] && tag.every((byte, i) => bytes[i] === byte);
}

export function writeEnvelope({ subject, generation, sealed, open }: Envelope): Uint8Array {
  const { bytes, at } = beginEnvelope({ subject, generation, open, size: sealed.length });
  bytes.set(sealed, at);
  return bytes;
}

/** Writes an envelope except for the encrypted edits, which take `size` bytes at the offset `at`. */
export function beginEnvelope({
  subject,
  generation,
  open,
  size,
}: Omit<Envelope, "sealed"> & { readonly size: number }): { readonly bytes: Uint8Array; readonly at: number } {
  const name = subject === "" ? noName : utf8.encode(subject);
  const length = 1 + varintSize(generation) + varintSize(name.length) + name.length + size;
  const bytes = allocateEnvelope(tag.length + varintSize(length) + length + open.length);
  for (let i = 0; i < tag.length; i++) bytes[i] = tag[i] as number;
  let at = writeVarint(bytes, tag.length, length);
  bytes[at++] = format;
  at = writeVarint(bytes, at, generation);
  at = writeVarint(bytes, at, name.length);
  if (name.length > 0) bytes.set(name, at);
  at += name.length;
  bytes.set(open, at + size);
  return { bytes, at };
}

/** Reads bytes that have an envelope. Throws `data_loss` for a malformed one. */
export function readEnvelope(bytes: Uint8Array): Envelope {
  const cursor = new WireCursor(bytes, tag.length);
  const end = cursor.varint() + cursor.at;
  if (bytes[cursor.at++] !== format) throw malformed();
  const generation = cursor.varint();
  const length = cursor.varint();
  const start = cursor.at;
  cursor.pass(length);
  if (cursor.at > end || end > bytes.length || generation === 0) throw malformed();
  const subject = length === 0 ? "" : text.decode(bytes.subarray(start, cursor.at));
  return { subject, generation, sealed: bytes.subarray(cursor.at, end), open: bytes.subarray(end) };
}
