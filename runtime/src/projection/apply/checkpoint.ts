import type { Logger } from "../../cqrs/index.js";
import type { DeadLetterChange, Lease, RowKey, RowTransaction, Store } from "../../store/ports/index.js";
import type { Changes } from "../views/index.js";

/** Is notified of each commit. */
export interface CommitListener {
  committed(changes: Changes): void;
}

export interface CheckpointDependencies {
  readonly store: Store;
  readonly logger: Logger;
  /** How long a lease lasts, in milliseconds. */
  readonly leaseDuration: number;
  readonly progress: CommitListener;
}

/** What a transaction leaves to be committed with the checkpoint. */
export interface Applied {
  /** Rows that have changed. */
  readonly changed: readonly RowKey[];
  readonly deadLetters: readonly DeadLetterChange[];
}

const noChange: Applied = { changed: [], deadLetters: [] };

/** How far one shard of one build has come. It is committed together with the rows, and only while the lease is held. */
export class Checkpoint {
  readonly lease: Lease;
  position: number;
  /** Another worker holds the shard: nothing more is written. */
  lost = false;
  private readonly locksRows: boolean;
  private readonly dependencies: CheckpointDependencies;

  /** `locksRows`: other shards may write the same rows, so a transaction locks each row that it touches. */
  constructor(lease: Lease, locksRows: boolean, dependencies: CheckpointDependencies) {
    this.lease = lease;
    this.position = lease.position;
    this.locksRows = locksRows;
    this.dependencies = dependencies;
  }

  /** Commits what `run` writes, and the position. false: the lease is lost, and nothing was written. */
  async commit(
    to: number,
    run: (transaction: RowTransaction) => Promise<Applied> = async () => noChange,
  ): Promise<boolean> {
    const { store, leaseDuration, progress } = this.dependencies;
    const step = { ...this.lease, from: this.position, to, lease: leaseDuration, lockRows: this.locksRows };
    let applied = noChange;
    const isCommitted = await store.projections.commit(step, async (transaction) => {
      applied = await run(transaction);
      return applied.deadLetters;
    });
    if (!isCommitted) {
      this.lost = true;
      this.dependencies.logger.info("projection lost the lease of its shard, wrote nothing", this.fields);
      return false;
    }
    this.position = to;
    progress.committed({ name: this.lease.name, keys: applied.changed });
    return true;
  }

  /** Fields of log entries. */
  get fields(): Readonly<Record<string, unknown>> {
    const { name, version, generation, shard } = this.lease;
    return { projection: name, version, generation, shard, position: this.position };
  }
}
