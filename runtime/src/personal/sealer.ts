import { andThen, isPromise, type MaybePromise, mapAll } from "../async/index.js";
import { PotterError } from "../errors/index.js";
import { nonceSize, tagSize } from "./aes.js";
import { bind, bindBriefly } from "./binding.js";
import { type Cut, cutBriefly, keepCut, restorePersonal } from "./cut.js";
import type { CutPlan } from "./cut-plan.js";
import { beginEnvelope, type Envelope, hasEnvelope, readEnvelope, writeEnvelope } from "./envelope.js";
import type { KeyRing, Keys, NoKey, UsableKey } from "./key-ring.js";
import type { RecentEdits } from "./recent-edits.js";

/** Where bytes are stored. The cipher is bound to it: bytes that are copied elsewhere cannot be decrypted there. */
export interface Place {
  readonly tenant: string;
  /** The subject of the personal data if the message names none. */
  readonly owner: string;
  /** Whether nothing is stored about the owner so far, so that there is probably no key. Default: false. */
  readonly isNew?: boolean;
  /** Identifies it among everything that is stored. */
  readonly parts: readonly (string | number)[];
  /** Describes it in an error message. */
  describe(): string;
}

export interface StoredBytes {
  readonly bytes: Uint8Array;
  readonly place: Place;
}

export interface OpenedBytes {
  readonly bytes: Uint8Array;
  /** Whether the bytes lack the personal fields because their subject was erased. */
  readonly erased: boolean;
}

/** Encrypts and decrypts the personal fields of encoded messages. */
export class Sealer {
  readonly ring: KeyRing;
  private readonly keys: Keys;

  /** `keys`: another source of keys than the ring itself. */
  constructor(ring: KeyRing, keys: Keys = ring) {
    this.ring = ring;
    this.keys = keys;
  }

  /**
   * Encrypts the personal fields. A message whose personal fields are not set stays as it is. If the subject was erased,
   * `ifErased` decides whether to throw `failed_precondition` or to omit the personal fields.
   */
  seal(
    plan: CutPlan,
    bytes: Uint8Array,
    subject: string,
    { tenant, owner, parts, isNew }: Place,
    ifErased: "refuse" | "leave out",
  ): MaybePromise<Uint8Array> {
    const found = cut(plan, bytes);
    if (found === undefined) return bytes;
    const key = this.keys.toWrite({ tenant, subject }, isNew === true && subject === owner);
    const name = subject === owner ? "" : subject;
    if (key !== "erased" && !isPromise(key) && key.aes.encryptInto !== undefined) {
      const { generation, aes } = key;
      const { open, edits } = found;
      const envelope = beginEnvelope({ subject: name, generation, open, size: nonceSize + edits.length + tagSize });
      aes.encryptInto?.(envelope.bytes, envelope.at, edits, bindBriefly([...parts, subject, generation], open));
      this.ring.recent.keep(envelope.bytes, envelope.at, edits.slice(), { key, subject, parts });
      return envelope.bytes;
    }
    const { open, edits } = keepCut(found);
    return andThen(key, (usable) => {
      if (usable === "erased") {
        if (ifErased === "leave out") return open;
        throw subjectErased();
      }
      const { generation, aes } = usable;
      return andThen(aes.encrypt(edits, bind([...parts, subject, generation], open)), (sealed) =>
        writeEnvelope({ subject: name, generation, sealed, open }),
      );
    });
  }

  /** Decrypts the personal fields where their key still exists. Reads all keys in one round trip. */
  open(stored: readonly StoredBytes[]): MaybePromise<readonly OpenedBytes[]> {
    const envelopes = stored.map(({ bytes, place }) => (hasEnvelope(bytes) ? read(bytes, place) : undefined));
    const keys = this.keys.toRead(
      envelopes.flatMap((envelope, i) => {
        if (envelope === undefined) return [];
        const { tenant, owner } = (stored[i] as StoredBytes).place;
        return [{ tenant, subject: envelope.subject || owner, generation: envelope.generation }];
      }),
    );
    return andThen(keys, (found) => {
      let at = 0;
      return mapAll(stored, ({ bytes, place }, i) => {
        const envelope = envelopes[i];
        return envelope === undefined
          ? { bytes, erased: false }
          : unseal(bytes, envelope, found[at++] as UsableKey | NoKey, place, this.ring.recent);
      });
    });
  }
}

function cut(plan: CutPlan, bytes: Uint8Array): Cut | undefined {
  // A message that itself begins with a field of the envelope's number would be mistaken for an envelope, so it gets one.
  return cutBriefly(plan, bytes) ?? (hasEnvelope(bytes) ? { open: bytes, edits: new Uint8Array() } : undefined);
}

function read(bytes: Uint8Array, place: Place): Envelope {
  try {
    return readEnvelope(bytes);
  } catch {
    throw damaged(place);
  }
}

function unseal(
  bytes: Uint8Array,
  { subject, generation, sealed, open }: Envelope,
  key: UsableKey | NoKey,
  place: Place,
  recent: RecentEdits,
): MaybePromise<OpenedBytes> {
  if (key === "erased") return { bytes: open, erased: true };
  if (key === "missing") {
    throw new PotterError(
      "data_loss",
      `the key of the personal fields of ${place.describe()} is missing, although its subject was not erased: ` +
        "expected the keys of these events",
    );
  }
  const restore = (edits: Uint8Array): OpenedBytes => ({ bytes: restorePersonal({ open, edits }), erased: false });
  const about = subject || place.owner;
  const known = recent.find(bytes, sealed.byteOffset - bytes.byteOffset, { key, subject: about, parts: place.parts });
  if (known !== undefined) return restore(known);
  // The cause adds nothing, and must not expose partly decrypted bytes.
  const fail = (): never => {
    throw damaged(place);
  };
  try {
    const { aes } = key;
    const bindTo = aes.encryptInto === undefined ? bind : bindBriefly;
    const edits = aes.decrypt(sealed, bindTo([...place.parts, about, generation], open));
    return isPromise(edits) ? edits.then(restore).catch(fail) : restore(edits);
  } catch {
    return fail();
  }
}

/** Does not name the subject, since that may itself be personal, such as an e-mail address. */
function subjectErased(): PotterError {
  return new PotterError(
    "failed_precondition",
    "this subject was erased, so its personal data is not recorded: call app.readmitSubject(subject) first",
  );
}

function damaged(place: Place): PotterError {
  return new PotterError(
    "data_loss",
    `the personal fields of ${place.describe()} cannot be decrypted: they were changed or moved`,
  );
}
