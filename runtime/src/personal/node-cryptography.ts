import { type AesKey, type Cryptography, nonceSize, tagSize } from "./aes.js";
import { RandomPool } from "./random-pool.js";

type Algorithm = "aes-256-gcm";

/** What is used of `node:crypto`, which the core does not import. */
export interface NodeCrypto {
  createCipheriv(algorithm: Algorithm, key: Uint8Array, nonce: Uint8Array): NodeCipher;
  createDecipheriv(
    algorithm: Algorithm,
    key: Uint8Array,
    nonce: Uint8Array,
    options: { readonly authTagLength: number },
  ): NodeDecipher;
  createHmac(hash: "sha256", key: Uint8Array): NodeHmac;
}

interface NodeCipher {
  setAAD(bound: Uint8Array): unknown;
  update(bytes: Uint8Array): Uint8Array;
  final(): Uint8Array;
  getAuthTag(): Uint8Array;
}

interface NodeDecipher extends Omit<NodeCipher, "getAuthTag"> {
  setAuthTag(tag: Uint8Array): unknown;
}

interface NodeHmac {
  update(bytes: Uint8Array): { digest(): Uint8Array };
}

const algorithm: Algorithm = "aes-256-gcm";
/** The nonce of the present call. The cipher copies it. */
const nonce = new Uint8Array(nonceSize);

/** The cryptography of Node, which answers at once. */
export function createNodeCryptography(node: NodeCrypto): Cryptography {
  const random = new RandomPool();
  return {
    key: (raw) => new NodeAesKey(node, random, raw),
    hmac: (key, data) => asBytes(node.createHmac("sha256", key).update(data).digest()),
  };
}

/** Keeps the bytes of the key: a key object would take longer to create than it saves, since most keys are used once or twice. */
class NodeAesKey implements AesKey {
  private readonly node: NodeCrypto;
  private readonly random: RandomPool;
  private readonly raw: Uint8Array;

  constructor(node: NodeCrypto, random: RandomPool, raw: Uint8Array) {
    this.node = node;
    this.random = random;
    this.raw = raw;
  }

  encrypt(clear: Uint8Array, bound: Uint8Array): Uint8Array {
    const encrypted = new Uint8Array(nonceSize + clear.length + tagSize);
    this.encryptInto(encrypted, 0, clear, bound);
    return encrypted;
  }

  encryptInto(target: Uint8Array, at: number, clear: Uint8Array, bound: Uint8Array): void {
    this.random.fill(nonce);
    const cipher = this.node.createCipheriv(algorithm, this.raw, nonce);
    cipher.setAAD(bound);
    target.set(nonce, at);
    target.set(cipher.update(clear), at + nonceSize);
    cipher.final();
    target.set(cipher.getAuthTag(), at + nonceSize + clear.length);
  }

  decrypt(encrypted: Uint8Array, bound: Uint8Array): Uint8Array {
    const end = encrypted.length - tagSize;
    const nonce = encrypted.subarray(0, nonceSize);
    const decipher = this.node.createDecipheriv(algorithm, this.raw, nonce, { authTagLength: tagSize });
    decipher.setAAD(bound);
    decipher.setAuthTag(encrypted.subarray(end));
    const clear = decipher.update(encrypted.subarray(nonceSize, end));
    decipher.final();
    return asBytes(clear);
  }
}

/** Returns a plain array instead of Node's `Buffer`. */
function asBytes({ buffer, byteOffset, length }: Uint8Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, length);
}
