import { base64Decode, base64Encode } from "@bufbuild/protobuf/wire";
import { Hmac } from "./sha256.js";

/** The format of tokens. The first byte of each. */
const format = 1;
const tagSize = 16;
const headSize = 1 + tagSize;

/** The longest token, in characters. The key of a row, as long as stores take it, needs a tenth of that. */
export const maxTokenLength: number = 16_384;
/** The longest place that fits into a token, in bytes. */
const maxPlaceBytes = (maxTokenLength / 4) * 3 - headSize;

const utf8 = new TextEncoder();
const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const shape = /^[\w-]+$/;

/** What encrypts tokens, and what they are signed by: two keys that are derived from one secret. */
interface TokenKeys {
  readonly sign: Hmac;
  readonly encrypt: Hmac;
}

/**
 * Makes tokens of places in lists: unreadable, of use for their list alone, and refused when anything of them was changed. The same
 * place in the same list gives the same token.
 *
 * It is authenticated encryption with a synthetic initialization vector (as RFC 5297 has it, with HMAC-SHA-256 as the pseudorandom function): a
 * token is its format, the code of list and place, cut to 128 bits, and the place, encrypted in counter mode from that code.
 * What a token still tells is how long its place is, and whether two are the same.
 */
export class PageTokenCodec {
  private readonly keys: readonly [TokenKeys, ...TokenKeys[]];

  /** The first secret makes tokens, all of them are tried to read one. */
  constructor(secrets: readonly [Uint8Array, ...Uint8Array[]]) {
    const [first, ...others] = secrets;
    this.keys = [deriveKeys(first), ...others.map(deriveKeys)];
  }

  /** The token of a place in a list. `list` names the list: see `listOf`. */
  seal(list: Uint8Array, place: string): string {
    const [keys] = this.keys;
    const plain = utf8.encode(place);
    if (plain.length > maxPlaceBytes) {
      throw new Error(`a page token is too long: it would hold ${plain.length} bytes, ${maxPlaceBytes} are allowed`);
    }
    const tag = signPlace(keys, list, plain);
    const token = new Uint8Array(headSize + plain.length);
    token[0] = format;
    token.set(tag, 1);
    token.set(plain, headSize);
    encrypt(keys, tag, token.subarray(headSize));
    return base64Encode(token, "url");
  }

  /** The place that a token of this list was made of. undefined: it is no such token. */
  open(list: Uint8Array, token: string): string | undefined {
    if (token.length > maxTokenLength || !shape.test(token)) return undefined;
    const bytes = decode(token);
    if (bytes === undefined || bytes.length < headSize || bytes[0] !== format) return undefined;
    const tag = bytes.subarray(1, headSize);
    for (const keys of this.keys) {
      const plain = bytes.slice(headSize);
      encrypt(keys, tag, plain);
      if (isSame(signPlace(keys, list, plain), tag)) return text.decode(plain);
    }
    return undefined;
  }
}

function deriveKeys(secret: Uint8Array): TokenKeys {
  const main = new Hmac(secret);
  const derive = (use: string) => new Hmac(main.sign(utf8.encode(`potter page token ${format} ${use}`)));
  return { sign: derive("sign"), encrypt: derive("encrypt") };
}

/** `list` is a digest, so that what is signed can be taken apart in one way only. */
function signPlace({ sign }: TokenKeys, list: Uint8Array, place: Uint8Array): Uint8Array {
  const signed = new Uint8Array(list.length + place.length);
  signed.set(list);
  signed.set(place, list.length);
  return sign.sign(signed).subarray(0, tagSize);
}

/** Encrypts in place what is clear, and the other way round. */
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

/** undefined: it was not written like this by anybody who made tokens. Bits that stand for nothing are checked, too. */
function decode(token: string): Uint8Array | undefined {
  try {
    const bytes = base64Decode(token);
    return base64Encode(bytes, "url") === token ? bytes : undefined;
  } catch {
    return undefined;
  }
}

/** Takes as long wherever they differ. */
function isSame(one: Uint8Array, other: Uint8Array): boolean {
  let difference = one.length ^ other.length;
  for (let i = 0; i < one.length; i++) difference |= (one[i] as number) ^ (other[i] as number);
  return difference === 0;
}
