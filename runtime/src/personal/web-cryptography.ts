import { type Cryptography, nonceSize, tagSize } from "./aes.js";
import { RandomPool } from "./random-pool.js";

/** WebCrypto, for every runtime with web standards. It works on other threads and answers by promises. */
export function createWebCryptography(): Cryptography {
  const random = new RandomPool();
  return {
    async key(raw) {
      const key = await crypto.subtle.importKey("raw", own(raw), "AES-GCM", false, ["encrypt", "decrypt"]);
      return {
        async encrypt(clear, bound) {
          const encrypted = new Uint8Array(nonceSize + clear.length + tagSize);
          const iv = encrypted.subarray(0, nonceSize);
          random.fill(iv);
          const algorithm = { name: "AES-GCM", iv, additionalData: own(bound) };
          encrypted.set(new Uint8Array(await crypto.subtle.encrypt(algorithm, key, own(clear))), nonceSize);
          return encrypted;
        },
        async decrypt(encrypted, bound) {
          const bytes = own(encrypted);
          const algorithm = { name: "AES-GCM", iv: bytes.subarray(0, nonceSize), additionalData: own(bound) };
          return new Uint8Array(await crypto.subtle.decrypt(algorithm, key, bytes.subarray(nonceSize)));
        },
      };
    },
    async hmac(key, data) {
      const imported = await crypto.subtle.importKey("raw", own(key), { name: "HMAC", hash: "SHA-256" }, false, [
        "sign",
      ]);
      return new Uint8Array(await crypto.subtle.sign("HMAC", imported, own(data)));
    },
  };
}

/** Copies shared memory, which WebCrypto rejects. */
function own(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes);
}
