import { andThen, type MaybePromise } from "../async/index.js";
import type { NewSubjectKey, SubjectId } from "../store/ports/index.js";
import type { KeyId, KeyRing, Keys, NoKey, ProposedKey, UsableKey } from "./key-ring.js";

/** Keys for one append that also stores the keys of new subjects. Until it has, nobody else may use them. */
export class ProposedKeys implements Keys {
  private readonly ring: KeyRing;
  /** A list, since there is rarely more than one. */
  private readonly proposed: ProposedKey[] = [];

  constructor(ring: KeyRing) {
    this.ring = ring;
  }

  /** The keys to store. */
  get stored(): readonly NewSubjectKey[] {
    return this.proposed.map(({ stored }) => stored);
  }

  /** Lets others use the keys, which are stored now. */
  adopt(): void {
    for (const key of this.proposed) this.ring.adopt(key);
  }

  toRead(ids: readonly KeyId[]): MaybePromise<readonly (UsableKey | NoKey)[]> {
    return this.ring.toRead(ids);
  }

  toWrite(id: SubjectId, isNew = false): MaybePromise<UsableKey | "erased"> {
    const known = this.proposed.find(({ stored }) => stored.subject === id.subject && stored.tenant === id.tenant);
    if (known !== undefined) return known.key;
    if (!isNew || this.ring.has(id)) return this.ring.toWrite(id, isNew);
    return andThen(this.ring.propose(id), (made) => {
      this.proposed.push(made);
      return made.key;
    });
  }
}
