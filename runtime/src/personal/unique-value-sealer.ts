import { base64Encode } from "@bufbuild/protobuf/wire";
import { PotterError } from "../errors/index.js";
import { checkText, maxTextBytes } from "../store/checks/index.js";
import type { AppendRefusal, StreamAppend, SubjectId, UniqueValueChange } from "../store/ports/index.js";
import { bind } from "./binding.js";
import { type KeyRing, nameOf, type UsableKey } from "./key-ring.js";
import type { PersonalContents } from "./personal-contents.js";

/** The subject under which the key of a tenant's unique values is stored. It is not a person, and cannot be erased. */
export const uniqueValuesSubject = "potter:unique-values";

/**
 * Replaces the unique values of aggregates with personal data by a keyed hash, since they are compared and never read.
 * Each is recorded with its subject, so that erasing the subject releases it.
 */
export class UniqueValueSealer {
  private readonly ring: KeyRing;
  private readonly contents: PersonalContents;
  private readonly hmacKeys = new WeakMap<UsableKey, Promise<CryptoKey>>();

  constructor(ring: KeyRing, contents: PersonalContents) {
    this.ring = ring;
    this.contents = contents;
  }

  /** Returns the append with hashed values; the same append if it changes no unique values or its stream holds no personal data. */
  async seal<A extends StreamAppend>(append: A): Promise<A> {
    const { uniqueValues, stream } = append;
    if (uniqueValues === undefined || uniqueValues.length === 0 || this.contents.ownersOf(stream.type) === undefined)
      return append;
    const key = await this.keyOf(stream.tenant);
    const subject = this.contents.subjectOf([append]);
    const hashed = uniqueValues.map(async (change): Promise<UniqueValueChange> => {
      // Checked before hashing: the hash of a value that is too long would always fit.
      checkText(`the unique value of ${change.index}`, change.value, maxTextBytes.uniqueValue);
      const value = await hash(key, change.index, change.value);
      const owner = change.subject ?? subject;
      return { index: change.index, value, action: change.action, ...(owner !== undefined && { subject: owner }) };
    });
    return { ...append, uniqueValues: await Promise.all(hashed) };
  }

  /** Returns the subjects for which sealed appends reserve values. */
  subjectsOf(sealed: readonly StreamAppend[]): readonly SubjectId[] {
    const taken = sealed.flatMap(({ stream, uniqueValues: changes = [] }) =>
      this.contents.ownersOf(stream.type) === undefined
        ? []
        : changes.flatMap(({ action, subject }) =>
            action === "reserve" && subject !== undefined ? [{ tenant: stream.tenant, subject }] : [],
          ),
    );
    return [...new Map(taken.map((id) => [nameOf(id), id])).values()];
  }

  /** Returns a refusal with the caller's value in place of its hash. */
  open<R extends AppendRefusal | { readonly kind: "appended" }>(
    result: R,
    appends: readonly StreamAppend[],
    sealed: readonly StreamAppend[],
  ): R {
    if (result.kind !== "value_taken") return result;
    const { index, value } = result;
    for (const [i, append] of sealed.entries()) {
      const at = append.uniqueValues?.findIndex((change) => change.index === index && change.value === value) ?? -1;
      const change = appends[i]?.uniqueValues?.[at];
      if (change !== undefined) return { ...result, value: change.value };
    }
    return result;
  }

  private async keyOf(tenant: string): Promise<CryptoKey> {
    const key = await this.ring.toWrite({ tenant, subject: uniqueValuesSubject });
    if (key === "erased") {
      throw new PotterError("data_loss", "the key of the unique values was deleted: they can no longer be compared");
    }
    let imported = this.hmacKeys.get(key);
    if (imported === undefined) {
      imported = crypto.subtle.importKey("raw", new Uint8Array(key.raw), { name: "HMAC", hash: "SHA-256" }, false, [
        "sign",
      ]);
      this.hmacKeys.set(key, imported);
    }
    return imported;
  }
}

async function hash(key: CryptoKey, index: string, value: string): Promise<string> {
  const bytes = await crypto.subtle.sign("HMAC", key, new Uint8Array(bind([index, value])));
  return base64Encode(new Uint8Array(bytes), "url");
}
