import { checkLimit, checkSubject } from "../checks/index.js";
import type { NewSubjectKey, SubjectId, SubjectKey, SubjectKeyStore, WrappedKey } from "../ports/index.js";

/** Keys of data subjects, in memory. */
export class MemorySubjectKeyStore implements SubjectKeyStore {
  /** By tenant and subject. */
  private readonly keys = new Map<string, Map<string, SubjectId & SubjectKey>>();

  async find(subjects: readonly SubjectId[]): Promise<readonly (SubjectKey | undefined)[]> {
    return subjects.map((subject) => this.get(subject));
  }

  async create(subject: SubjectId, wrapped: WrappedKey): Promise<SubjectKey> {
    checkSubject(subject);
    const known = this.get(subject);
    if (known?.wrapped !== undefined || known?.erased === true) return known;
    return this.put(subject, { generation: known?.generation ?? 1, wrapped, erased: false });
  }

  async erase(subject: SubjectId): Promise<boolean> {
    checkSubject(subject);
    const known = this.get(subject);
    this.put(subject, { generation: known?.generation ?? 1, wrapped: undefined, erased: true });
    return known?.wrapped !== undefined;
  }

  async readmit(subject: SubjectId): Promise<boolean> {
    checkSubject(subject);
    const known = this.get(subject);
    if (known?.erased !== true) return false;
    this.put(subject, { generation: known.generation + 1, wrapped: undefined, erased: false });
    return true;
  }

  async list(after: SubjectId | undefined, limit: number): Promise<readonly (SubjectId & SubjectKey)[]> {
    checkLimit("keys", limit);
    if (after !== undefined) checkSubject(after);
    const all = [...this.keys.values()].flatMap((keys) => [...keys.values()]).map((key) => [idOf(key), key] as const);
    const first = after === undefined ? "" : idOf(after);
    return all
      .filter(([id, { wrapped }]) => id > first && wrapped !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .slice(0, limit)
      .map(([, key]) => key);
  }

  async rewrap(
    subject: SubjectId,
    from: { readonly generation: number; readonly wrappedBy: string },
    to: WrappedKey,
  ): Promise<boolean> {
    const known = this.get(subject);
    if (known?.generation !== from.generation || known.wrapped?.wrappedBy !== from.wrappedBy) return false;
    this.put(subject, { ...known, wrapped: to });
    return true;
  }

  /** Whether none of the subjects has a key, had one or was erased. */
  areNew(subjects: readonly SubjectId[]): boolean {
    return subjects.every((subject) => this.get(subject) === undefined);
  }

  /** Adds the first keys of subjects. */
  add(keys: readonly NewSubjectKey[]): void {
    for (const key of keys) this.put(key, { generation: 1, wrapped: key.wrapped, erased: false });
  }

  private get({ tenant, subject }: SubjectId): (SubjectId & SubjectKey) | undefined {
    return this.keys.get(tenant)?.get(subject);
  }

  private put({ tenant, subject }: SubjectId, key: SubjectKey): SubjectKey {
    const { generation, wrapped, erased } = key;
    const kept = { tenant, subject, generation, wrapped, erased };
    let keys = this.keys.get(tenant);
    if (keys === undefined) {
      keys = new Map();
      this.keys.set(tenant, keys);
    }
    keys.set(subject, kept);
    return kept;
  }
}

function idOf({ tenant, subject }: SubjectId): string {
  return JSON.stringify([tenant, subject]);
}
