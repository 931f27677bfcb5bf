import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { webAes } from "../../personal/aes.js";
import { nodeAes } from "./node-aes.js";

const raw = new Uint8Array(32).map((_, i) => i * 7);
const ciphers = { node: nodeAes, web: webAes };

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
