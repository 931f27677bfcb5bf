import type { DeadLetter, DeadLetterChange, DeadLetterQuery } from "../ports/index.js";

/** A parked event. `dueAt`: on the clock of `performance.now()`, which tells times apart that are close. */
type Parked = Omit<DeadLetter, "retryIn"> & { readonly dueAt: number | undefined };

/** The parked events of one shard, by key. */
export class MemoryLetters {
  /** In the order of positions. */
  private readonly parked = new Map<string, Parked[]>();

  get keys(): readonly string[] {
    return [...this.parked.keys()];
  }

  get count(): number {
    let count = 0;
    for (const letters of this.parked.values()) count += letters.length;
    return count;
  }

  apply(changes: readonly DeadLetterChange[]): void {
    const now = performance.now();
    for (const change of changes) {
      const letters = this.parked.get(change.key) ?? [];
      if (change.kind === "add") {
        const { kind: _, retryIn, ...letter } = change;
        letters.push({ ...letter, dueAt: toDue(now, retryIn) });
        this.parked.set(change.key, letters);
      } else if (change.kind === "failed") {
        const { attempts, error, retryIn } = change;
        this.change(change, (letter) => ({ ...letter, attempts, error, dueAt: toDue(now, retryIn) }));
      } else {
        const [next, ...rest] = letters.filter(({ position }) => position !== change.position);
        if (next === undefined) this.parked.delete(change.key);
        else this.parked.set(change.key, [{ ...next, dueAt: now }, ...rest]);
      }
    }
  }

  /** Those that a query asks for, in no order. */
  find({ key, due }: DeadLetterQuery): readonly Parked[] {
    const letters = key === undefined ? [...this.parked.values()].flat() : (this.parked.get(key) ?? []);
    if (due !== true) return letters;
    const now = performance.now();
    return letters.filter(({ dueAt = Number.POSITIVE_INFINITY }) => dueAt <= now);
  }

  retry(key?: string): number {
    const keys = key === undefined ? this.keys : this.keys.filter((known) => known === key);
    for (const one of keys) {
      const [first, ...rest] = this.parked.get(one) as [Parked, ...Parked[]];
      this.parked.set(one, [{ ...first, attempts: 0, dueAt: performance.now() }, ...rest]);
    }
    return keys.length;
  }

  discard(key: string): number {
    const count = this.parked.get(key)?.length ?? 0;
    this.parked.delete(key);
    return count;
  }

  clear(): void {
    this.parked.clear();
  }

  private change({ key, position }: { key: string; position: number }, change: (letter: Parked) => Parked): void {
    const letters = this.parked.get(key) ?? [];
    this.parked.set(
      key,
      letters.map((letter) => (letter.position === position ? change(letter) : letter)),
    );
  }
}

function toDue(now: number, retryIn: number | undefined): number | undefined {
  return retryIn === undefined ? undefined : now + retryIn;
}

/** What a query gives of the letters of all shards that it asks for. */
export function toLetters(found: readonly Parked[], { due, limit }: DeadLetterQuery): readonly DeadLetter[] {
  const now = performance.now();
  const byKey = (a: Parked, b: Parked) => (a.key === b.key ? a.position - b.position : a.key < b.key ? -1 : 1);
  const byDue = (a: Parked, b: Parked) => (a.dueAt ?? 0) - (b.dueAt ?? 0) || byKey(a, b);
  return [...found]
    .sort(due === true ? byDue : byKey)
    .slice(0, limit)
    .map(({ dueAt, ...letter }) => ({ ...letter, retryIn: dueAt && Math.max(0, Math.ceil(dueAt - now)) }));
}
