import { isRequestBound } from "../../async/index.js";
import { isEqual, type RowSource, WatchedRow } from "./watched-row.js";

/** The watchers of the rows of one read model. Those of the same row share one reader. */
export class RowWatchers {
  private readonly source: RowSource;
  private readonly isShared: boolean;
  private readonly rows = new Map<string, WatchedRow>();

  /** `isShared`: false where no request may wait for a promise of another one; then each watcher reads for itself. */
  constructor(source: RowSource, isShared: boolean = !isRequestBound) {
    this.source = source;
    this.isShared = isShared;
  }

  /**
   * Delivers the row, and then each later state that differs from the one delivered before, until the signal aborts. States that
   * follow each other quickly may be skipped. Throws if the first read fails; later it waits while the store is away. Throws
   * when the app stops. `deletions`: delivers `undefined` when a row that was delivered is gone.
   */
  async *watch(
    tenant: string,
    key: string,
    signal: AbortSignal | undefined,
    deletions = false,
  ): AsyncGenerator<unknown, void, undefined> {
    const { codec } = this.source.definition;
    const id = JSON.stringify([tenant, key]);
    const row = this.rows.get(id) ?? new WatchedRow(this.source, tenant, key);
    if (this.isShared) this.rows.set(id, row);
    const leave = row.join();
    try {
      let seen: number | undefined;
      let last: Uint8Array | undefined;
      while (signal?.aborted !== true) {
        this.source.hub.throwIfEnded();
        const read = await row.next(seen, signal);
        if (read === undefined) return;
        seen = read.number;
        if (read.bytes === undefined) {
          if (!deletions || last === undefined) continue;
          last = undefined;
          yield undefined;
          continue;
        }
        if (last !== undefined && isEqual(read.bytes, last)) continue;
        last = read.bytes;
        // Decoded for each watcher, so that none sees what another does to its message.
        yield codec.decode(read.bytes);
      }
    } finally {
      if (leave() && this.rows.get(id) === row) this.rows.delete(id);
    }
  }
}
