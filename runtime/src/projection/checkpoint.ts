import type { Logger } from "../cqrs/index.js";
import type { DeadLetterChange, Lease, RowTransaction, Store } from "../store/ports/index.js";

/** What a checkpoint is moved in. */
export interface CheckpointSurroundings {
  readonly store: Store;
  readonly logger: Logger;
  /** How long a lease lasts, in milliseconds. */
  readonly lease: number;
}

/** How far one shard of one build has come. It moves together with what is written, and under its lease only. */
export class Checkpoint {
  readonly lease: Lease;
  position: number;
  /** Another worker has taken the shard: nothing that this one does is written any more. */
  lost = false;
  private readonly claims: boolean;
  private readonly surroundings: CheckpointSurroundings;

  /** `claims`: rows are locked one by one, since other shards may write the same. */
  constructor(lease: Lease, claims: boolean, surroundings: CheckpointSurroundings) {
    this.lease = lease;
    this.position = lease.position;
    this.claims = claims;
    this.surroundings = surroundings;
  }

  /** Writes, and moves on to a position. false: the lease is lost, and nothing was written. */
  async commit(
    to: number,
    run: (transaction: RowTransaction) => Promise<readonly DeadLetterChange[]> = async () => [],
  ): Promise<boolean> {
    const { store, lease } = this.surroundings;
    const move = { ...this.lease, from: this.position, to, lease, lockRows: this.claims };
    const moved = await store.projections.commit(move, run);
    if (moved) this.position = to;
    else this.lose();
    return moved;
  }

  /** What log entries say of it. */
  get fields(): Readonly<Record<string, unknown>> {
    const { name, version, generation, shard } = this.lease;
    return { projection: name, version, generation, shard, position: this.position };
  }

  private lose(): void {
    this.lost = true;
    this.surroundings.logger.info("projection lost its shard, wrote nothing", this.fields);
  }
}
