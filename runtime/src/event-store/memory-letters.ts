import type { DeadLetter, DeadLetterQuery, LetterChange } from "./dead-letter.js";

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

  apply(changes: readonly LetterChange[]): void {
    const now = Date.now();
    for (const change of changes) {
      const letters = this.parked.get(change.key) ?? [];
      if (change.kind === "park") {
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

  list({ key, due, limit }: DeadLetterQuery): readonly DeadLetter[] {
    const now = Date.now();
    const letters = key === undefined ? [...this.parked.values()].flat() : (this.parked.get(key) ?? []);
    return letters
      .filter(({ dueAt }) => due !== true || (dueAt !== undefined && dueAt <= now))
      .slice(0, limit)
      .map(({ dueAt, ...letter }) => ({ ...letter, retryIn: dueAt && Math.max(0, dueAt - now) }));
  }

  retry(key?: string): number {
    const keys = key === undefined ? this.keys : this.keys.filter((known) => known === key);
    for (const one of keys) {
      const [first, ...rest] = this.parked.get(one) as [Parked, ...Parked[]];
      this.parked.set(one, [{ ...first, attempts: 0, dueAt: Date.now() }, ...rest]);
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
