import { base64Encode } from "@bufbuild/protobuf/wire";
import { andThen, type MaybePromise, mapAll } from "../async/index.js";
import { PotterError } from "../errors/index.js";
import { checkText, maxTextBytes } from "../store/checks/index.js";
import type { AppendRefusal, StreamAppend, SubjectId, UniqueValueChange } from "../store/ports/index.js";
import { bind } from "./binding.js";
import { type KeyRing, nameOf } from "./key-ring.js";
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

  constructor(ring: KeyRing, contents: PersonalContents) {
    this.ring = ring;
    this.contents = contents;
  }

  /** Returns the append with hashed values; the same append if it changes no unique values or its stream holds no personal data. */
  seal<A extends StreamAppend>(append: A): MaybePromise<A> {
    const { uniqueValues, stream } = append;
    if (uniqueValues === undefined || uniqueValues.length === 0 || this.contents.ownersOf(stream.type) === undefined)
      return append;
    const subject = this.contents.subjectOf([append]);
    const hashed = andThen(this.keyOf(stream.tenant), (key) =>
      mapAll(
        uniqueValues,
        ({ index, value: clear, action, subject: owner = subject }): MaybePromise<UniqueValueChange> => {
          // Checked before hashing: the hash of a value that is too long would always fit.
          checkText(`the unique value of ${index}`, clear, maxTextBytes.uniqueValue);
          return andThen(this.ring.cryptography.hmac(key, bind([index, clear])), (hash) => {
            const value = base64Encode(hash, "url");
            return { index, value, action, ...(owner !== undefined && { subject: owner }) };
          });
        },
      ),
    );
    return andThen(hashed, (changes) => ({ ...append, uniqueValues: changes }));
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

  private keyOf(tenant: string): MaybePromise<Uint8Array> {
    return andThen(this.ring.toWrite({ tenant, subject: uniqueValuesSubject }), (key) => {
      if (key !== "erased") return key.raw;
      throw new PotterError("data_loss", "the key of the unique values was deleted: they can no longer be compared");
    });
  }
}
