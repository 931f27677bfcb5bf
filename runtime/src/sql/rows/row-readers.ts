import type { UsedRow } from "../../store/rows/index.js";

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

  private outdate(rows: readonly UsedRow[]): void {
    for (const { name, change } of rows) {
      if (change === undefined) continue;
      for (const reader of this.readers.get(name) ?? []) reader.isStale = true;
    }
  }
}
