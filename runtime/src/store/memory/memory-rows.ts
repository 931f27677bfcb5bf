import type { RowCondition, RowScan } from "../ports/index.js";
import type { EncodedRow } from "../rows/index.js";
import { compareUtf8, matchesAll } from "../rows/index.js";

/** The rows of one table and tenant, by key. */
export class MemoryRows {
  private readonly rows = new Map<string, EncodedRow>();
  /** Sorted keys. Keys that were added or deleted since are merged in when the order is needed. */
  private keys: readonly string[] = [];
  private stale = false;

  get(key: string): EncodedRow | undefined {
    return this.rows.get(key);
  }

  set(key: string, row: EncodedRow): void {
    if (!this.rows.has(key)) this.stale = true;
    this.rows.set(key, row);
  }

  delete(key: string): void {
    if (this.rows.delete(key)) this.stale = true;
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

  private inOrder(): readonly string[] {
    if (this.stale) {
      // Mostly sorted already, a case in which the merge sort of JavaScript engines is fast.
      const known = new Set<string>();
      const kept = this.keys.filter((key) => this.rows.has(key) && known.add(key));
      for (const key of this.rows.keys()) if (!known.has(key)) kept.push(key);
      this.keys = kept.sort(compareUtf8);
      this.stale = false;
    }
    return this.keys;
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
