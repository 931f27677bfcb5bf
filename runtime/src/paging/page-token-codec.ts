import { base64Decode, base64Encode } from "@bufbuild/protobuf/wire";
import { PotterError } from "../errors/index.js";
import { Hmac } from "./sha256.js";

/** The format version, which is the first byte of each token. */
const format = 1;
const tagSize = 16;
const headSize = 1 + tagSize;

/** The longest token, in characters. The longest row key needs a tenth of that. */
export const maxTokenLength: number = 16_384;
/** The longest cursor that fits into a token, in bytes. */
const maxCursorBytes = (maxTokenLength / 4) * 3 - headSize;

const utf8 = new TextEncoder();
const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const shape = /^[\w-]+$/;

/** The keys that sign and encrypt tokens, both derived from one secret. */
interface TokenKeys {
  readonly sign: Hmac;
  readonly encrypt: Hmac;
}

/**
 * Encrypts a cursor (the position where a page ends) as a page token: unreadable, valid for its list only, and rejected after any
 * change. The same cursor in the same list results in the same token.
 *
 * This is authenticated encryption with a synthetic initialization vector (as in RFC 5297, with HMAC-SHA-256 as pseudorandom
 * function): a token consists of the format version, the authentication code of list and cursor, truncated to 128 bits, and the
 * cursor, encrypted in counter mode starting from that code. A token reveals the length of its cursor, and whether two are equal.
 */
export class PageTokenCodec {
  private readonly keys: readonly [TokenKeys, ...TokenKeys[]];

  /** The first secret creates tokens; each of them is tried to read one. */
  constructor(secrets: readonly [Uint8Array, ...Uint8Array[]]) {
    const [first, ...others] = secrets;
    this.keys = [deriveKeys(first), ...others.map(deriveKeys)];
  }

  /** The token of a cursor. `list` identifies the list: see `listOf`. */
  seal(list: Uint8Array, cursor: string): string {
    const [keys] = this.keys;
    const plain = utf8.encode(cursor);
    if (plain.length > maxCursorBytes) {
      throw new PotterError(
        "internal",
        `a page token is too long: it would hold ${plain.length} bytes, ${maxCursorBytes} are allowed`,
      );
    }
    const tag = signCursor(keys, list, plain);
    const token = new Uint8Array(headSize + plain.length);
    token[0] = format;
    token.set(tag, 1);
    token.set(plain, headSize);
    encrypt(keys, tag, token.subarray(headSize));
    return base64Encode(token, "url");
  }

  /** The cursor of a token. undefined: it is no valid token of this list. */
  open(list: Uint8Array, token: string): string | undefined {
    if (token.length > maxTokenLength || !shape.test(token)) return undefined;
    const bytes = decode(token);
    if (bytes === undefined || bytes.length < headSize || bytes[0] !== format) return undefined;
    const tag = bytes.subarray(1, headSize);
    for (const keys of this.keys) {
      const plain = bytes.slice(headSize);
      encrypt(keys, tag, plain);
      if (isSame(signCursor(keys, list, plain), tag)) return text.decode(plain);
    }
    return undefined;
  }
}

function deriveKeys(secret: Uint8Array): TokenKeys {
  const main = new Hmac(secret);
  const derive = (use: string) => new Hmac(main.sign(utf8.encode(`potter page token ${format} ${use}`)));
  return { sign: derive("sign"), encrypt: derive("encrypt") };
}

/** `list` has a fixed length, so the concatenation is unambiguous. */
function signCursor({ sign }: TokenKeys, list: Uint8Array, cursor: Uint8Array): Uint8Array {
  const signed = new Uint8Array(list.length + cursor.length);
  signed.set(list);
  signed.set(cursor, list.length);
  return sign.sign(signed).subarray(0, tagSize);
}

/** Encrypts or decrypts the bytes, in the same array. */
function encrypt({ encrypt: key }: TokenKeys, tag: Uint8Array, bytes: Uint8Array): void {
  const counter = new Uint8Array(tagSize + 4);
  counter.set(tag);
  const view = new DataView(counter.buffer);
  for (let at = 0; at < bytes.length; at += 32) {
    view.setUint32(tagSize, at / 32);
    const stream = key.sign(counter);
    const end = Math.min(bytes.length - at, 32);
    for (let i = 0; i < end; i++) bytes[at + i] = (bytes[at + i] as number) ^ (stream[i] as number);
  }
}

/** undefined: it is not the canonical base64url form; unused bits are checked too. */
function decode(token: string): Uint8Array | undefined {
  try {
    const bytes = base64Decode(token);
    return base64Encode(bytes, "url") === token ? bytes : undefined;
  } catch {
    return undefined;
  }
}

/** Compares in constant time. */
function isSame(one: Uint8Array, other: Uint8Array): boolean {
  let difference = one.length ^ other.length;
  for (let i = 0; i < one.length; i++) difference |= (one[i] as number) ^ (other[i] as number);
  return difference === 0;
}
