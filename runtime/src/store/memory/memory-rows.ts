import type { RowCondition, RowScan } from "../ports/index.js";
import type { EncodedRow } from "../rows/index.js";
import { compareUtf8, matchesAll } from "../rows/index.js";

/** If one of so many keys has changed, all are sorted again, which then takes less than to move them for each change. */
const keysPerChange = 64;

/** The rows of one table and tenant, by key. */
export class MemoryRows {
  private readonly rows = new Map<string, EncodedRow>();
  /** Sorted keys, as they were when the order was needed last. */
  private keys: string[] = [];
  /** Keys that were added or deleted since; undefined: many. */
  private changed: Set<string> | undefined = new Set();

  get(key: string): EncodedRow | undefined {
    return this.rows.get(key);
  }

  set(key: string, row: EncodedRow): void {
    if (!this.rows.has(key)) this.noteChange(key);
    this.rows.set(key, row);
  }

  delete(key: string): void {
    if (this.rows.delete(key)) this.noteChange(key);
  }

  /** Deletes at most `limit` rows, in any order. Returns how many. */
  drop(limit: number): number {
    let dropped = 0;
    for (const key of this.rows.keys()) {
      if (dropped === limit) break;
      this.delete(key);
      dropped++;
    }
    return dropped;
  }

  count(conditions: readonly RowCondition[]): number {
    if (conditions.length === 0) return this.rows.size;
    let count = 0;
    for (const row of this.rows.values()) if (matchesAll(row.fields, conditions)) count++;
    return count;
  }

  scan({ conditions, after, limit }: RowScan): { readonly key: string; readonly row: EncodedRow }[] {
    const keys = this.inOrder();
    const found: { readonly key: string; readonly row: EncodedRow }[] = [];
    for (let i = after === undefined ? 0 : firstAfter(keys, after); i < keys.length && found.length < limit; i++) {
      const key = keys[i] as string;
      const row = this.rows.get(key) as EncodedRow;
      if (matchesAll(row.fields, conditions)) found.push({ key, row });
    }
    return found;
  }

  private noteChange(key: string): void {
    this.changed?.add(key);
    if ((this.changed?.size ?? 0) * keysPerChange > this.rows.size) this.changed = undefined;
  }

  private inOrder(): readonly string[] {
    if (this.changed === undefined) this.sort();
    else for (const key of this.changed) this.move(key);
    this.changed = new Set();
    return this.keys;
  }

  private sort(): void {
    // Mostly sorted already, a case in which the merge sort of JavaScript engines is fast.
    const known = new Set<string>();
    const kept = this.keys.filter((key) => this.rows.has(key) && known.add(key));
    for (const key of this.rows.keys()) if (!known.has(key)) kept.push(key);
    this.keys = kept.sort(compareUtf8);
  }

  /** Adds a key at its place, or removes it. */
  private move(key: string): void {
    const at = firstAfter(this.keys, key);
    const wasThere = this.keys[at - 1] === key;
    const isThere = this.rows.has(key);
    if (isThere && !wasThere) this.keys.splice(at, 0, key);
    else if (wasThere && !isThere) this.keys.splice(at - 1, 1);
  }
}

/** Index of the first greater key. */
function firstAfter(keys: readonly string[], after: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareUtf8(keys[middle] as string, after) > 0) high = middle;
    else low = middle + 1;
  }
  return low;
}
