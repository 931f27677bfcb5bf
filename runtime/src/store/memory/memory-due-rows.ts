import type { EncodedRow } from "../rows/index.js";

/** A row with the time at which it is due. */
export interface DueEntry {
  readonly due: number;
  readonly tenant: string;
  readonly key: string;
  /** The row as it was written: once another one has its key, the entry is outdated. */
  readonly row: EncodedRow;
}

/** Rows of one table by the time at which they are due, as a heap. Outdated entries are dropped when they are met. */
export class MemoryDueRows {
  private heap: DueEntry[] = [];
  /** From this size on, outdated entries are dropped. */
  private limit = 64;
  private readonly isCurrent: (entry: DueEntry) => boolean;

  constructor(isCurrent: (entry: DueEntry) => boolean) {
    this.isCurrent = isCurrent;
  }

  add(entry: DueEntry): void {
    if (this.heap.length >= this.limit) {
      // Sorted, it is a heap.
      this.heap = this.heap.filter(this.isCurrent).sort((one, other) => one.due - other.due);
      this.limit = Math.max(64, 2 * this.heap.length);
    }
    const { heap } = this;
    let at = heap.length;
    while (at > 0) {
      const above = (at - 1) >>> 1;
      if ((heap[above] as DueEntry).due <= entry.due) break;
      heap[at] = heap[above] as DueEntry;
      at = above;
    }
    heap[at] = entry;
  }

  /** The first rows, in order, until `count` of them or one that is due after `until`, which is the last. */
  first(until: number, count: number): readonly DueEntry[] {
    const found: DueEntry[] = [];
    while (found.length < count) {
      const entry = this.take();
      if (entry === undefined) break;
      if (!this.isCurrent(entry)) continue;
      found.push(entry);
      if (entry.due > until) break;
    }
    for (const entry of found) this.add(entry);
    return found;
  }

  private take(): DueEntry | undefined {
    const { heap } = this;
    const [first] = heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && (heap[below + 1] as DueEntry).due < (heap[below] as DueEntry).due) below++;
      if ((heap[below] as DueEntry).due >= last.due) break;
      heap[at] = heap[below] as DueEntry;
      at = below;
    }
    heap[at] = last;
    return first;
  }
}
