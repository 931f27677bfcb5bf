import { PotterError } from "../errors/index.js";
import { bind } from "./binding.js";
import { type Cut, cutPersonal, restorePersonal } from "./cut.js";
import type { CutPlan } from "./cut-plan.js";
import { type Envelope, hasEnvelope, readEnvelope, writeEnvelope } from "./envelope.js";
import type { KeyRing, Keys, NoKey, UsableKey } from "./key-ring.js";

/** Where bytes are stored. A cipher that is taken elsewhere cannot be read there. */
export interface Place {
  readonly tenant: string;
  /** Whose personal data it is where the message does not say. */
  readonly owner: string;
  /** Tells it apart from all other places. */
  readonly parts: readonly (string | number)[];
  /** In words, for an error. */
  describe(): string;
}

export interface StoredBytes {
  readonly bytes: Uint8Array;
  readonly place: Place;
}

export interface OpenedBytes {
  readonly bytes: Uint8Array;
  /** The personal fields are not among the bytes: their subject was forgotten. */
  readonly erased: boolean;
}

/** Encrypts the personal fields of messages in binary, and decrypts them. */
export class Sealer {
  readonly ring: KeyRing;
  private readonly keys: Keys;

  /** `keys`: where keys come from, if not straight from the ring. */
  constructor(ring: KeyRing, keys: Keys = ring) {
    this.ring = ring;
    this.keys = keys;
  }

  /**
   * Encrypts what is personal. A message whose personal fields are not set stays as it is. Nothing personal is stored of a
   * subject that was forgotten.
   */
  async seal(
    plan: CutPlan,
    bytes: Uint8Array,
    subject: string,
    { tenant, owner, parts }: Place,
    ofForgotten: "refuse" | "leave out",
  ): Promise<Uint8Array> {
    const { open, edits } = cut(plan, bytes) ?? {};
    if (open === undefined || edits === undefined) return bytes;
    const key = await this.keys.toWrite({ tenant, subject });
    if (key === "erased") {
      if (ofForgotten === "leave out") return open;
      throw forgotten();
    }
    const sealed = await key.aes.encrypt(edits, bind([...parts, subject, key.generation], open));
    return writeEnvelope({ subject: subject === owner ? "" : subject, generation: key.generation, sealed, open });
  }

  /** What was stored, with its personal fields where they can still be read. All keys are read at once. */
  async open(stored: readonly StoredBytes[]): Promise<readonly OpenedBytes[]> {
    const envelopes = stored.map(({ bytes, place }) => (hasEnvelope(bytes) ? read(bytes, place) : undefined));
    const keys = await this.keys.toRead(
      envelopes.flatMap((envelope, i) => {
        if (envelope === undefined) return [];
        const { tenant, owner } = (stored[i] as StoredBytes).place;
        return [{ tenant, subject: envelope.subject || owner, generation: envelope.generation }];
      }),
    );
    let at = 0;
    return Promise.all(
      stored.map(({ bytes, place }, i) => {
        const envelope = envelopes[i];
        return envelope === undefined
          ? { bytes, erased: false }
          : unseal(envelope, keys[at++] as UsableKey | NoKey, place);
      }),
    );
  }
}

function cut(plan: CutPlan, bytes: Uint8Array): Cut | undefined {
  // A message that itself begins with a field of our number would be taken for one of ours.
  return cutPersonal(plan, bytes) ?? (hasEnvelope(bytes) ? { open: bytes, edits: new Uint8Array() } : undefined);
}

function read(bytes: Uint8Array, place: Place): Envelope {
  try {
    return readEnvelope(bytes);
  } catch {
    throw damaged(place);
  }
}

async function unseal(
  { subject, generation, sealed, open }: Envelope,
  key: UsableKey | NoKey,
  place: Place,
): Promise<OpenedBytes> {
  if (key === "erased") return { bytes: open, erased: true };
  if (key === "missing") {
    throw new PotterError(
      "data_loss",
      `the key of the personal fields of ${place.describe()} is missing, though nobody forgot its subject: ` +
        "expected the table of keys that belongs to these events",
    );
  }
  try {
    const bound = bind([...place.parts, subject || place.owner, generation], open);
    return { bytes: restorePersonal({ open, edits: await key.aes.decrypt(sealed, bound) }), erased: false };
  } catch {
    // The cause knows no more, and bytes that are half decrypted are not to be shown.
    throw damaged(place);
  }
}

/** Names no subject: it may be an address of somebody. */
function forgotten(): PotterError {
  return new PotterError(
    "failed_precondition",
    "personal data of this subject was forgotten, so no more is taken: call app.readmitSubject(subject) first",
  );
}

function damaged(place: Place): PotterError {
  return new PotterError(
    "data_loss",
    `the personal fields of ${place.describe()} cannot be decrypted: they were changed, or were stored elsewhere before`,
  );
}
