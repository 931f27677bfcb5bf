import type { DeadLetter, DeadLetterChange, DeadLetterQuery } from "../ports/index.js";

/** `dueAt` is on the clock of `performance.now()`, whose resolution keeps close times apart. */
type MemoryDeadLetter = Omit<DeadLetter, "retryIn"> & { readonly dueAt: number | undefined };

/** The dead letters of one shard, by key. */
export class MemoryDeadLetters {
  /** In the order of positions. */
  private readonly byKey = new Map<string, MemoryDeadLetter[]>();

  get keys(): readonly string[] {
    return [...this.byKey.keys()];
  }

  get count(): number {
    let count = 0;
    for (const deadLetters of this.byKey.values()) count += deadLetters.length;
    return count;
  }

  apply(changes: readonly DeadLetterChange[]): void {
    const now = performance.now();
    for (const change of changes) {
      const deadLetters = this.byKey.get(change.key) ?? [];
      if (change.kind === "add") {
        const { kind: _, retryIn, ...deadLetter } = change;
        deadLetters.push({ ...deadLetter, dueAt: toDue(now, retryIn) });
        this.byKey.set(change.key, deadLetters);
      } else if (change.kind === "failed") {
        const { attempts, error, retryIn } = change;
        this.change(change, (deadLetter) => ({ ...deadLetter, attempts, error, dueAt: toDue(now, retryIn) }));
      } else {
        const [next, ...rest] = deadLetters.filter(({ position }) => position !== change.position);
        if (next === undefined) this.byKey.delete(change.key);
        else this.byKey.set(change.key, [{ ...next, dueAt: now }, ...rest]);
      }
    }
  }

  /** Returns the dead letters that match a query, unsorted. */
  find({ key, due }: DeadLetterQuery): readonly MemoryDeadLetter[] {
    const deadLetters = key === undefined ? [...this.byKey.values()].flat() : (this.byKey.get(key) ?? []);
    if (due !== true) return deadLetters;
    const now = performance.now();
    return deadLetters.filter(({ dueAt = Number.POSITIVE_INFINITY }) => dueAt <= now);
  }

  retry(key?: string): number {
    const keys = key === undefined ? this.keys : this.keys.filter((known) => known === key);
    for (const one of keys) {
      const [first, ...rest] = this.byKey.get(one) as [MemoryDeadLetter, ...MemoryDeadLetter[]];
      this.byKey.set(one, [{ ...first, attempts: 0, dueAt: performance.now() }, ...rest]);
    }
    return keys.length;
  }

  discard(key: string): number {
    const count = this.byKey.get(key)?.length ?? 0;
    this.byKey.delete(key);
    return count;
  }

  clear(): void {
    this.byKey.clear();
  }

  private change(
    { key, position }: { key: string; position: number },
    change: (deadLetter: MemoryDeadLetter) => MemoryDeadLetter,
  ): void {
    const deadLetters = this.byKey.get(key) ?? [];
    this.byKey.set(
      key,
      deadLetters.map((deadLetter) => (deadLetter.position === position ? change(deadLetter) : deadLetter)),
    );
  }
}

function toDue(now: number, retryIn: number | undefined): number | undefined {
  return retryIn === undefined ? undefined : now + retryIn;
}

/** Sorts and limits the dead letters of several shards. */
export function toDeadLetters(
  found: readonly MemoryDeadLetter[],
  { due, limit }: DeadLetterQuery,
): readonly DeadLetter[] {
  const now = performance.now();
  const byKey = (a: MemoryDeadLetter, b: MemoryDeadLetter) =>
    a.key === b.key ? a.position - b.position : a.key < b.key ? -1 : 1;
  const byDue = (a: MemoryDeadLetter, b: MemoryDeadLetter) => (a.dueAt ?? 0) - (b.dueAt ?? 0) || byKey(a, b);
  return [...found]
    .sort(due === true ? byDue : byKey)
    .slice(0, limit)
    .map(({ dueAt, ...deadLetter }) => ({ ...deadLetter, retryIn: dueAt && Math.max(0, Math.ceil(dueAt - now)) }));
}
