import type { CheckpointMove, Lease } from "../../store/ports/index.js";
import type { KnownRow } from "../../store/rows/index.js";

/** What a row takes in memory beside its text and its bytes, roughly. */
const overhead = 120;

type Shard = Omit<Lease, "epoch" | "position">;
/** The rows of a transaction, by the id of their table and their own. */
type KnownRows = ReadonlyMap<string, ReadonlyMap<string, KnownRow>>;

/**
 * The rows that shards of projections have read and written, as of their checkpoints. Only a shard itself changes its rows, and only
 * with its checkpoint: while this store moves it under one lease, the rows need not be read again. Of a build that begins, all rows
 * are known.
 */
export class KeptRows {
  private readonly shards = new Map<string, ShardRows>();
  private readonly limit: number;

  /** `limit`: of all rows, in bytes, roughly. */
  constructor(limit: number) {
    this.limit = limit;
  }

  /** Notes that this store has acquired a shard. `losses`: the number of lost connections so far. */
  acquired(lease: Lease, losses: number | undefined): void {
    const { epoch, position } = lease;
    this.shards.set(keyOf(lease), new ShardRows({ epoch, position, losses, isComplete: position === 0 }));
  }

  /** The rows as of a checkpoint; undefined: this store has not brought the shard there. */
  at({ epoch, from, ...shard }: CheckpointMove, losses: number | undefined): ShardRows | undefined {
    const rows = this.shards.get(keyOf(shard));
    return rows?.epoch === epoch && rows.position === from && rows.losses === losses ? rows : undefined;
  }

  /**
   * Notes that a checkpoint was moved, and which rows of it are known now. `before`: the rows as of the former checkpoint. `losses`:
   * from before they were read.
   */
  moved(move: CheckpointMove, before: ShardRows | undefined, losses: number | undefined, known: KnownRows): void {
    const { epoch, to } = move;
    const rows = before ?? new ShardRows({ epoch, position: to, losses, isComplete: false });
    rows.position = to;
    this.shards.set(keyOf(move), rows);
    rows.keep(known, this.limit / this.shards.size / 2);
  }

  /** Notes that a checkpoint was moved by a transaction whose handlers need it: their rows are not kept. */
  movedWithin(move: CheckpointMove, losses: number | undefined): void {
    const { epoch, to } = move;
    const rows = new ShardRows({ epoch, position: to, losses, isComplete: false });
    rows.needsTransaction = true;
    this.shards.set(keyOf(move), rows);
  }

  /** Forgets a shard: it is released or lost, or the outcome of a commit is unknown. */
  forget(shard: Shard): void {
    this.shards.delete(keyOf(shard));
  }
}

/** The rows of one shard. Those that were not used for long are dropped: the limit is half of what is kept. */
class ShardRows {
  readonly epoch: number;
  readonly losses: number | undefined;
  position: number;
  /** The handlers have asked for the transaction of the database before. */
  needsTransaction = false;
  /** A row that is not kept does not exist. */
  private isComplete: boolean;
  private recent = new Map<string, Map<string, Uint8Array | undefined>>();
  private older = new Map<string, Map<string, Uint8Array | undefined>>();
  private size = 0;

  constructor(options: Pick<ShardRows, "epoch" | "position" | "losses"> & { readonly isComplete: boolean }) {
    this.epoch = options.epoch;
    this.position = options.position;
    this.losses = options.losses;
    this.isComplete = options.isComplete;
  }

  /** Finds a row by the ids of its table and its own, as `RecallRow` does. */
  readonly recall = (table: string, id: string): { readonly bytes: Uint8Array | undefined } | undefined => {
    for (const rows of [this.recent.get(table), this.older.get(table)]) {
      const bytes = rows?.get(id);
      if (bytes !== undefined || rows?.has(id) === true) return { bytes };
    }
    return this.isComplete ? { bytes: undefined } : undefined;
  };

  /** Keeps rows, and drops older ones beyond twice the limit, in bytes. */
  keep(known: KnownRows, limit: number): void {
    for (const [table, rows] of known) {
      for (const [id, { bytes }] of rows) {
        if (this.size > limit) this.dropOlder();
        let kept = this.recent.get(table);
        if (kept === undefined) {
          kept = new Map();
          this.recent.set(table, kept);
        }
        const before = kept.get(id);
        this.size += kept.has(id)
          ? sizeOf(bytes) - sizeOf(before)
          : overhead + table.length + 2 * id.length + sizeOf(bytes);
        kept.set(id, bytes);
      }
    }
  }

  private dropOlder(): void {
    if (this.older.size > 0) this.isComplete = false;
    this.older = this.recent;
    this.recent = new Map();
    this.size = 0;
  }
}

function sizeOf(bytes: Uint8Array | undefined): number {
  return bytes?.length ?? 0;
}

function keyOf({ name, version, generation, shard }: Shard): string {
  return `${shard}/${version}.${generation} ${name}`;
}
