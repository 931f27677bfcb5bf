import type { UsedRow } from "../../store/rows/index.js";
import type { Settled } from "../groups/index.js";

/** Something to write on condition that the rows that it has read are unchanged. */
export interface Prepared {
  readonly rows: readonly UsedRow[];
  /** Another write of this process has changed a row since it was read. */
  isStale: boolean;
}

/** What this process is about to write, by the rows that it has read: it spares calls that could not succeed. */
export class RowReaders {
  private readonly readers = new Map<string, Set<Prepared>>();

  /** Runs work that writes; `isWritten` says whether its result means that it has. */
  async during<T>(prepared: Prepared, work: () => Promise<T>, isWritten: (result: T) => boolean): Promise<T> {
    for (const { name, read } of prepared.rows) {
      if (read === undefined) continue;
      const readers = this.readers.get(name);
      if (readers === undefined) this.readers.set(name, new Set([prepared]));
      else readers.add(prepared);
    }
    try {
      const result = await work();
      if (isWritten(result)) this.outdate(prepared.rows);
      return result;
    } finally {
      for (const { name } of prepared.rows) {
        const readers = this.readers.get(name);
        if (readers?.delete(prepared) === true && readers.size === 0) this.readers.delete(name);
      }
    }
  }

  /**
   * Sends what is not stale. Returns one result for each of the group, `stale` for what was not sent. A write that becomes stale once it is
   * sent has the result that the database returns: others may have read what it has written, and changed that.
   */
  static async sendCurrent<T extends Prepared, R>(
    group: readonly T[],
    stale: R,
    send: (current: readonly T[]) => Promise<readonly Settled<R>[]>,
  ): Promise<readonly Settled<R>[]> {
    const current = group.filter(({ isStale }) => !isStale);
    if (current.length === 0) return group.map(() => ({ result: stale }));
    const settled = await send(current);
    const byWrite = new Map(settled.map((one, i) => [current[i], one]));
    return group.map((one) => byWrite.get(one) ?? { result: stale });
  }

  private outdate(rows: readonly UsedRow[]): void {
    for (const { name, change } of rows) {
      if (change === undefined) continue;
      for (const reader of this.readers.get(name) ?? []) reader.isStale = true;
    }
  }
}
