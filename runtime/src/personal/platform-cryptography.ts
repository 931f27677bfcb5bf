import type { Cryptography } from "./aes.js";
import { createNodeCryptography, type NodeCrypto } from "./node-cryptography.js";
import { createWebCryptography } from "./web-cryptography.js";

interface Process {
  getBuiltinModule?(name: string): unknown;
}

/** Returns the cryptography of Node where the platform has it, otherwise WebCrypto. Each reads what the other has encrypted. */
export function findCryptography(
  process: Process | undefined = (globalThis as { readonly process?: Process }).process,
): Cryptography {
  return findNodeCryptography(process) ?? createWebCryptography();
}

function findNodeCryptography(process: Process | undefined): Cryptography | undefined {
  try {
    const found = process?.getBuiltinModule?.("node:crypto") as NodeCrypto | undefined;
    const made = found && createNodeCryptography(found);
    return made && isRight(made) ? made : undefined;
  } catch {
    // Other runtimes imitate Node, some with functions that only throw.
    return undefined;
  }
}

/** Decrypts a known ciphertext: test case 14 of the specification of GCM, whose key, nonce and plaintext are zeros. */
function isRight(made: Cryptography): boolean {
  const hex = "000000000000000000000000cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919";
  const encrypted = Uint8Array.from({ length: hex.length / 2 }, (_, i) =>
    Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16),
  );
  const key = made.key(new Uint8Array(32));
  const clear = "decrypt" in key && key.decrypt(encrypted, new Uint8Array());
  return clear instanceof Uint8Array && clear.length === 16 && clear.every((byte) => byte === 0);
}
