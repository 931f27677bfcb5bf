import { base64Decode } from "@bufbuild/protobuf/wire";
import { andThen } from "../async/index.js";
import { PotterError } from "../errors/index.js";
import type { SubjectId } from "../store/ports/index.js";
import { bind } from "./binding.js";
import type { KeyWrapper } from "./key-wrap.js";
import { findCryptography } from "./platform-cryptography.js";

/** 32 random bytes, or the same in base64: `openssl rand -base64 32`. */
export type MasterKeyBytes = Uint8Array | string;

/** The master key that wraps the keys of data subjects, and earlier ones that only unwrap. */
export interface MasterKeyOptions {
  /** The id of the key, which is stored with each key that it wraps. Give another key another id. */
  readonly id: string;
  /** The key: 32 bytes, or the same in base64. */
  readonly key: MasterKeyBytes;
  /** Earlier master keys by id. They unwrap keys, and wrap none. Default: none. */
  readonly previous?: Readonly<Record<string, MasterKeyBytes>>;
}

/**
 * Wraps the keys of data subjects with a master key, which comes from an environment variable or a vault. Throws
 * `invalid_argument` for an empty id, or a key that is not 32 bytes long.
 */
export function masterKey({ id, key, previous = {} }: MasterKeyOptions): KeyWrapper {
  if (id === "") throw new PotterError("invalid_argument", "a master key needs an id that is not empty");
  const cryptography = findCryptography();
  const current = cryptography.key(toKey(id, key));
  const keys = new Map(Object.entries(previous).map(([name, bytes]) => [name, cryptography.key(toKey(name, bytes))]));
  keys.set(id, current);
  return {
    id,
    wrap: (clear, subject) => andThen(current, (aes) => aes.encrypt(clear, place(subject))),
    async unwrap(wrapped, subject, by) {
      const found = keys.get(by);
      if (found === undefined) {
        throw new PotterError(
          "failed_precondition",
          `a key of personal data is wrapped by the master key "${by}", which is not known here: add it to "previous"`,
          { confidential: true },
        );
      }
      try {
        return await (await found).decrypt(wrapped, place(subject));
      } catch {
        // The cause adds nothing, and must not expose the key.
        throw new PotterError(
          "failed_precondition",
          `a key of personal data cannot be unwrapped by the master key "${by}": expected the master key that it was wrapped by`,
          { confidential: true },
        );
      }
    },
  };
}

/** Binds a wrapped key to its subject: copied to another subject's row, it cannot be unwrapped. */
function place({ tenant, subject }: SubjectId) {
  return bind(["key", tenant, subject]);
}

function toKey(id: string, key: MasterKeyBytes): Uint8Array {
  const bytes = typeof key === "string" ? fromBase64(key) : key;
  if (bytes?.length === 32) return bytes;
  const found = bytes === undefined ? "something that is not base64" : `${bytes.length}`;
  throw new PotterError("invalid_argument", `expected 32 bytes as the master key "${id}", found ${found}`);
}

function fromBase64(text: string): Uint8Array | undefined {
  try {
    return base64Decode(text.trim());
  } catch {
    return undefined;
  }
}
