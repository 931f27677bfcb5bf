import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { findCryptography } from "./platform-cryptography.js";
import { RandomPool } from "./random-pool.js";
import { createWebCryptography } from "./web-cryptography.js";

const raw = new Uint8Array(32).map((_, i) => i * 7);
const ciphers = { node: findCryptography(process), web: createWebCryptography() };

describe.each([
  ["node", "web"],
  ["web", "node"],
  ["node", "node"],
] as const)("what %s has encrypted, %s", (from, to) => {
  it("decrypts any plaintext", async () => {
    const [encrypting, decrypting] = [await ciphers[from].key(raw), await ciphers[to].key(raw)];
    const bytes = fc.uint8Array({ maxLength: 70 });
    await fc.assert(
      fc.asyncProperty(bytes, bytes, async (clear, bound) => {
        const encrypted = await encrypting.encrypt(clear, bound);
        expect(encrypted.length).toBe(clear.length + 28);
        expect(Buffer.from(await decrypting.decrypt(encrypted, bound))).toEqual(Buffer.from(clear));
      }),
    );
  });

  it("refuses to decrypt if a byte of the ciphertext or of the additional data differs or is missing", async () => {
    const [encrypting, decrypting] = [await ciphers[from].key(raw), await ciphers[to].key(raw)];
    const bound = new Uint8Array([1, 2, 3]);
    const encrypted = await encrypting.encrypt(new Uint8Array([4, 5, 6]), bound);
    const attempt = async (bytes: Uint8Array, additionalData: Uint8Array) => decrypting.decrypt(bytes, additionalData);
    for (let i = 0; i < encrypted.length; i++) {
      const changed = encrypted.map((byte, at) => (at === i ? byte ^ 1 : byte));
      await expect(attempt(changed, bound)).rejects.toThrow();
      await expect(attempt(encrypted.subarray(0, i), bound)).rejects.toThrow();
    }
    await expect(attempt(encrypted, new Uint8Array([1, 2, 4]))).rejects.toThrow();
    expect(await attempt(encrypted, bound)).toEqual(new Uint8Array([4, 5, 6]));
  });

  it("never returns the same nonce twice", async () => {
    const key = await ciphers[from].key(raw);
    const made = await Promise.all(Array.from({ length: 50 }, () => key.encrypt(new Uint8Array(3), new Uint8Array())));
    expect(new Set(made.map((bytes) => Buffer.from(bytes).toString("hex"))).size).toBe(50);
  });
});

describe("findCryptography", () => {
  const clear = new Uint8Array([1, 2, 3]);

  it("returns Node's cryptography, which answers at once", () => {
    const key = findCryptography().key(raw);
    if (!("encrypt" in key)) throw new Error("expected a key, found a promise");
    const encrypted = key.encrypt(clear, raw);
    expect(encrypted).toBeInstanceOf(Uint8Array);
    expect(key.decrypt(encrypted as Uint8Array, raw)).toEqual(clear);
    expect(findCryptography().hmac(raw, clear)).toBeInstanceOf(Uint8Array);
  });

  const node = process.getBuiltinModule("node:crypto");
  const refuse = () => {
    throw new Error("not implemented");
  };
  it.each([
    ["has no built-in modules", {}],
    ["does not have this module", { getBuiltinModule: () => undefined }],
    ["only throws", { getBuiltinModule: () => ({ ...node, createDecipheriv: refuse }) }],
    ["calculates wrongly", { getBuiltinModule: () => ({ ...node, createDecipheriv: identityCipher }) }],
  ])("returns WebCrypto if Node %s", async (_, imitation) => {
    expect(findCryptography(imitation).key(raw)).toBeInstanceOf(Promise);
  });
  function identityCipher() {
    return { setAAD() {}, setAuthTag() {}, update: (bytes: Uint8Array) => bytes, final() {} };
  }

  it.each(["node", "web"] as const)("encrypts and authenticates by the standards: %s", async (name) => {
    // Test case 16 of the specification of GCM, and test case 2 of RFC 4231.
    const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, "hex"));
    const key = await ciphers[name].key(bytes("feffe9928665731c6d6a8f9467308308".repeat(2)));
    const encrypted = bytes(
      "cafebabefacedbaddecaf888522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b",
    );
    const bound = bytes("feedfacedeadbeeffeedfacedeadbeefabaddad2");
    expect(Buffer.from(await key.decrypt(encrypted, bound)).toString("hex")).toBe(
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
    );
    const hmac = await ciphers[name].hmac(Buffer.from("Jefe"), Buffer.from("what do ya want for nothing?"));
    expect(Buffer.from(hmac).toString("hex")).toBe("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  });
});

describe("RandomPool", () => {
  it("takes bytes from the generator in blocks, and none twice", () => {
    const generate = vi.spyOn(crypto, "getRandomValues");
    try {
      const pool = new RandomPool();
      const taken = Array.from({ length: 1000 }, () => {
        const nonce = new Uint8Array(12);
        pool.fill(nonce);
        return Buffer.from(nonce).toString("hex");
      });
      expect(new Set(taken).size).toBe(1000);
      // 341 nonces in a block of 4096 bytes.
      expect(generate.mock.calls.map(([block]) => block.byteLength)).toEqual([4096, 4096, 4096]);
      const [block] = generate.mock.calls.at(-1) as [Uint8Array];
      expect(block.subarray(0, (1000 - 682) * 12).every((byte) => byte === 0)).toBe(true);
      expect(block.subarray((1000 - 682) * 12).some((byte) => byte !== 0)).toBe(true);
    } finally {
      generate.mockRestore();
    }
  });
});
