import { checkLimit, checkSubject } from "../checks/index.js";
import type { SubjectId, SubjectKey, SubjectKeyStore, WrappedKey } from "../ports/index.js";

/** Keys of data subjects, in memory. */
export class MemorySubjectKeyStore implements SubjectKeyStore {
  private readonly keys = new Map<string, SubjectId & SubjectKey>();

  async find(subjects: readonly SubjectId[]): Promise<readonly (SubjectKey | undefined)[]> {
    return subjects.map((subject) => this.keys.get(idOf(subject)));
  }

  async create(subject: SubjectId, wrapped: WrappedKey): Promise<SubjectKey> {
    checkSubject(subject);
    const known = this.keys.get(idOf(subject));
    if (known?.wrapped !== undefined || known?.erased === true) return known;
    return this.put(subject, { generation: known?.generation ?? 1, wrapped, erased: false });
  }

  async erase(subject: SubjectId): Promise<boolean> {
    checkSubject(subject);
    const known = this.keys.get(idOf(subject));
    this.put(subject, { generation: known?.generation ?? 1, wrapped: undefined, erased: true });
    return known?.wrapped !== undefined;
  }

  async readmit(subject: SubjectId): Promise<boolean> {
    checkSubject(subject);
    const known = this.keys.get(idOf(subject));
    if (known?.erased !== true) return false;
    this.put(subject, { generation: known.generation + 1, wrapped: undefined, erased: false });
    return true;
  }

  async list(after: SubjectId | undefined, limit: number): Promise<readonly (SubjectId & SubjectKey)[]> {
    checkLimit("keys", limit);
    if (after !== undefined) checkSubject(after);
    const ids = [...this.keys.keys()].sort();
    const from = after === undefined ? ids : ids.filter((id) => id > idOf(after));
    return from
      .flatMap((id) => this.keys.get(id) ?? [])
      .filter(({ wrapped }) => wrapped !== undefined)
      .slice(0, limit);
  }

  async rewrap(
    subject: SubjectId,
    from: { readonly generation: number; readonly wrappedBy: string },
    to: WrappedKey,
  ): Promise<boolean> {
    const known = this.keys.get(idOf(subject));
    if (known?.generation !== from.generation || known.wrapped?.wrappedBy !== from.wrappedBy) return false;
    this.put(subject, { ...known, wrapped: to });
    return true;
  }

  private put({ tenant, subject }: SubjectId, key: SubjectKey): SubjectKey {
    const { generation, wrapped, erased } = key;
    const kept = { tenant, subject, generation, wrapped, erased };
    this.keys.set(idOf(kept), kept);
    return kept;
  }
}

function idOf({ tenant, subject }: SubjectId): string {
  return JSON.stringify([tenant, subject]);
}
