import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { maxTokenLength, PageTokenCodec } from "./index.js";
import { sha256 } from "./sha256.js";

const bytes = (text: string) => new TextEncoder().encode(text);
const [secret, other] = [bytes("one secret"), bytes("another secret")];
const list = sha256(bytes("list"));
const codec = new PageTokenCodec([secret]);
const cursors = [
  "",
  "a",
  "ada@example.com",
  "\ufeffbom",
  "ü".repeat(500),
  "🫖\u0000",
  "x".repeat(31),
  "x".repeat(32),
  "x".repeat(33),
];

describe("a page token", () => {
  it.each(cursors)("decodes to the position that it encodes: %j", (cursor) => {
    const token = codec.seal(list, cursor);
    expect(codec.open(list, token)).toBe(cursor);
    expect(codec.seal(list, cursor)).toBe(token);
    expect(encodeURIComponent(token)).toBe(token);
  });

  it("has the format that tokens of other processes have", () => {
    // As documented, with the HMAC of Node.
    const hmac = (key: Uint8Array, ...message: Uint8Array[]) =>
      createHmac("sha256", key).update(Buffer.concat(message)).digest();
    const cursor = bytes("a cursor of more than 32 bytes, which needs two blocks");
    const tag = hmac(hmac(secret, bytes("potter page token 1 sign")), list, cursor).subarray(0, 16);
    const key = hmac(secret, bytes("potter page token 1 encrypt"));
    const stream = Buffer.concat([0, 1].map((block) => hmac(key, tag, Uint8Array.of(0, 0, 0, block))));
    const encrypted = cursor.map((byte, i) => byte ^ (stream[i] as number));
    const token = Buffer.concat([Uint8Array.of(1), tag, encrypted]).toString("base64url");
    expect(codec.seal(list, new TextDecoder().decode(cursor))).toBe(token);
  });

  it("does not reveal the position, or part of it", () => {
    const shown = cursors
      .filter(({ length }) => length > 3)
      .map((cursor) => [cursor, atobUrl(codec.seal(list, cursor))]);
    for (const [cursor = "", raw = ""] of shown) {
      for (let at = 0; at + 4 <= cursor.length; at++) expect(raw).not.toContain(cursor.slice(at, at + 4));
    }
  });

  it("is refused if any bit was changed, removed, added or encoded in another way", () => {
    const token = codec.seal(list, "ada@example.com");
    const raw = Uint8Array.from(atobUrl(token), (char) => char.charCodeAt(0));
    for (let bit = 0; bit < raw.length * 8; bit++) {
      const changed = raw.slice();
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(codec.open(list, Buffer.from(changed).toString("base64url"))).toBeUndefined();
    }
    for (let length = 0; length < token.length; length++) {
      expect(codec.open(list, token.slice(0, length))).toBeUndefined();
    }
    for (const wrong of [`${token}A`, `${token}=`, `${token}\n`, ` ${token}`]) {
      expect(codec.open(list, wrong)).toBeUndefined();
    }
    const dashed = Array.from({ length: 100 }, (_, i) => codec.seal(list, String(i))).filter((one) =>
      one.includes("-"),
    );
    expect(dashed).not.toEqual([]);
    for (const one of dashed) expect(codec.open(list, one.replaceAll("-", "+"))).toBeUndefined();
    // 43 characters hold 258 bits, of which two are unused.
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const spare = alphabet[alphabet.indexOf(token.at(-1) ?? "") ^ 1];
    expect(codec.open(list, token.slice(0, -1) + spare)).toBeUndefined();
  });

  it("is refused for another list, and with another secret", () => {
    const token = codec.seal(list, "a");
    expect(codec.open(sha256(bytes("another list")), token)).toBeUndefined();
    expect(new PageTokenCodec([other]).open(list, token)).toBeUndefined();
  });

  it("stays valid after a change of the secret while the previous one is listed second", () => {
    const token = codec.seal(list, "a");
    const next = new PageTokenCodec([other, secret]);
    expect(next.open(list, token)).toBe("a");
    expect(codec.open(list, next.seal(list, "a"))).toBeUndefined();
  });

  it("has a maximum length, which is accepted", () => {
    const longest = "x".repeat((maxTokenLength / 4) * 3 - 17);
    const token = codec.seal(list, longest);
    expect([token.length, codec.open(list, token)]).toEqual([maxTokenLength, longest]);
    expect(codec.open(list, `${token}AAAA`)).toBeUndefined();
    expect(() => codec.seal(list, `${longest}x`)).toThrow("a page token is too long");
  });
});

function atobUrl(token: string): string {
  return Buffer.from(token, "base64url").toString("latin1");
}
