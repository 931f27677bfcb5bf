import type { Logger } from "../../cqrs/index.js";
import type {
  CheckpointMove,
  DeadLetterChange,
  Lease,
  RowKey,
  RowTransaction,
  Store,
} from "../../store/ports/index.js";
import type { Changes } from "../views/index.js";

/** Is notified when a shard has come further. */
export interface CommitListener {
  committed(changes: Changes): void;
  /** A shard has passed events that change nothing: its position is to be saved. */
  passed(): void;
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

/**
 * How far one shard of one build has come. It is committed together with the rows, and only while the lease is held. Events that
 * change nothing move it in memory; the position is saved with the next commit, or with those of other shards.
 */
export class Checkpoint {
  readonly lease: Lease;
  position: number;
  /** The position that the store has. */
  private stored: number;
  private isCommitting = false;
  private saving: Promise<unknown> | undefined;
  /** Another worker holds the shard: nothing more is written. */
  lost = false;
  private readonly locksRows: boolean;
  private readonly dependencies: CheckpointDependencies;

  /** `locksRows`: other shards may write the same rows, so a transaction locks each row that it touches. */
  constructor(lease: Lease, locksRows: boolean, dependencies: CheckpointDependencies) {
    this.lease = lease;
    this.position = lease.position;
    this.stored = lease.position;
    this.locksRows = locksRows;
    this.dependencies = dependencies;
  }

  /** Commits what `run` writes, and the position. false: the lease is lost, and nothing was written. */
  async commit(
    to: number,
    run: (transaction: RowTransaction) => Promise<Applied> = async () => noChange,
  ): Promise<boolean> {
    const { store, leaseDuration, progress } = this.dependencies;
    await this.saving;
    const step = { ...this.lease, from: this.stored, to, lease: leaseDuration, lockRows: this.locksRows };
    let applied = noChange;
    this.isCommitting = true;
    const isCommitted = await store.projections
      .commit(step, async (transaction) => {
        applied = await run(transaction);
        return applied.deadLetters;
      })
      .finally(() => {
        this.isCommitting = false;
      });
    if (!isCommitted) {
      this.lost = true;
      this.dependencies.logger.info("projection lost the lease of its shard, wrote nothing", this.fields);
      return false;
    }
    this.position = to;
    this.stored = to;
    progress.committed({ name: this.lease.name, keys: applied.changed });
    return true;
  }

  /** Moves past events that change nothing. */
  pass(to: number): void {
    this.position = to;
    this.dependencies.progress.passed();
  }

  /** The move that is to be saved; undefined: none, or a commit will do it. */
  get unsaved(): CheckpointMove | undefined {
    if (this.lost || this.isCommitting || this.saving !== undefined || this.position === this.stored) return undefined;
    const { name, version, generation, shard, epoch } = this.lease;
    return { name, version, generation, shard, epoch, from: this.stored, to: this.position };
  }

  /**
   * Notes that a move of `unsaved` is being saved with those of other shards: commits wait for it. `isSaved`: whether the store has it;
   * if not, it is committed alone, which also shows whether the lease is lost.
   */
  save(move: CheckpointMove, isSaved: Promise<boolean>): Promise<void> {
    const saving = isSaved
      .then(async (saved) => saved || (await this.dependencies.store.projections.commit(move, async () => [])))
      .then((saved) => {
        if (saved) this.stored = move.to;
        else this.lost = true;
      })
      .finally(() => {
        this.saving = undefined;
      });
    this.saving = saving.catch(() => {});
    return saving;
  }

  /** Fields of log entries. */
  get fields(): Readonly<Record<string, unknown>> {
    const { name, version, generation, shard } = this.lease;
    return { projection: name, version, generation, shard, position: this.position };
  }
}
