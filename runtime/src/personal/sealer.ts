import { PotterError } from "../errors/index.js";
import { bind } from "./binding.js";
import { type Cut, cutPersonal, restorePersonal } from "./cut.js";
import type { CutPlan } from "./cut-plan.js";
import { type Envelope, hasEnvelope, readEnvelope, writeEnvelope } from "./envelope.js";
import type { KeyRing, Keys, NoKey, UsableKey } from "./key-ring.js";

/** Where bytes are stored. The cipher is bound to it: bytes that are copied elsewhere cannot be decrypted there. */
export interface Place {
  readonly tenant: string;
  /** The subject of the personal data if the message names none. */
  readonly owner: string;
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
  async seal(
    plan: CutPlan,
    bytes: Uint8Array,
    subject: string,
    { tenant, owner, parts }: Place,
    ifErased: "refuse" | "leave out",
  ): Promise<Uint8Array> {
    const { open, edits } = cut(plan, bytes) ?? {};
    if (open === undefined || edits === undefined) return bytes;
    const key = await this.keys.toWrite({ tenant, subject });
    if (key === "erased") {
      if (ifErased === "leave out") return open;
      throw subjectErased();
    }
    const sealed = await key.aes.encrypt(edits, bind([...parts, subject, key.generation], open));
    return writeEnvelope({ subject: subject === owner ? "" : subject, generation: key.generation, sealed, open });
  }

  /** Decrypts the personal fields where their key still exists. Reads all keys in one round trip. */
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
  // A message that itself begins with a field of the envelope's number would be mistaken for an envelope, so it gets one.
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
      `the key of the personal fields of ${place.describe()} is missing, although its subject was not erased: ` +
        "expected the table of keys that belongs to these events",
    );
  }
  try {
    const bound = bind([...place.parts, subject || place.owner, generation], open);
    return { bytes: restorePersonal({ open, edits: await key.aes.decrypt(sealed, bound) }), erased: false };
  } catch {
    // The cause adds nothing, and must not expose partly decrypted bytes.
    throw damaged(place);
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
    `the personal fields of ${place.describe()} cannot be decrypted: they were changed, or were stored elsewhere before`,
  );
}
