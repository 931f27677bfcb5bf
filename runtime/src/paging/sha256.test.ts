import { createHash, createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { Hmac, sha256 } from "./sha256.js";

const ascii = (text: string) => new TextEncoder().encode(text);
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const bytes = (text: string) => new Uint8Array(Buffer.from(text, "hex"));

describe("SHA-256", () => {
  it.each([
    ["abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
    ["", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
    [
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
    ],
    ["a".repeat(1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"],
  ])("has the digests of FIPS 180", (text, digest) => {
    expect(hex(sha256(ascii(text)))).toBe(digest);
  });

  it("is that of Node for every length around its blocks, also of a part of a buffer", () => {
    const all = Uint8Array.from({ length: 300 }, (_, i) => (i * 151) & 0xff);
    for (let length = 0; length < 299; length++) {
      const part = all.subarray(1, 1 + length);
      expect(hex(sha256(part))).toBe(createHash("sha256").update(part).digest("hex"));
    }
  });
});

describe("HMAC-SHA-256", () => {
  it.each([
    ["0b".repeat(20), hex(ascii("Hi There")), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"],
    [
      hex(ascii("Jefe")),
      hex(ascii("what do ya want for nothing?")),
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    ],
    ["aa".repeat(20), "dd".repeat(50), "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"],
    [
      "0102030405060708090a0b0c0d0e0f10111213141516171819",
      "cd".repeat(50),
      "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
    ],
    [
      "aa".repeat(131),
      hex(ascii("Test Using Larger Than Block-Size Key - Hash Key First")),
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
    ],
    [
      "aa".repeat(131),
      hex(
        ascii(
          "This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.",
        ),
      ),
      "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
    ],
  ])("has the codes of RFC 4231", (key, message, code) => {
    expect(hex(new Hmac(bytes(key)).sign(bytes(message)))).toBe(code);
  });

  it("is that of Node for keys and messages of every length around its blocks", () => {
    for (let length = 0; length < 200; length++) {
      const key = Uint8Array.from({ length }, (_, i) => (i * 7 + length) & 0xff);
      const message = Uint8Array.from({ length: 200 - length }, (_, i) => (i * 13) & 0xff);
      expect(hex(new Hmac(key).sign(message))).toBe(createHmac("sha256", key).update(message).digest("hex"));
    }
  });
});
