import type { DeadLetter, DeadLetterChange, DeadLetterQuery } from "./dead-letter.js";
import type { LastEvent } from "./event-store.js";
import type { RowTransaction } from "./rows.js";

/** Identifies one build of a projection. Each build has its own rows, so that one serves queries while the next is built. */
export interface ProjectionBuildId {
  /** Full name of the read model. */
  readonly name: string;
  /** Version of the projection. */
  readonly version: number;
  /** From 1; a rebuild of the same version gets the next number. Never reused. */
  readonly generation: number;
}

/** A projection that an app registers when it starts. */
export interface ProjectionRegistration {
  /** Full name of the read model. */
  readonly name: string;
  /** Version of the projection. */
  readonly version: number;
  /** Number of shards. Fixed for a build: a new number takes effect with the next build. */
  readonly shards: number;
  /** The position after which a new build begins. Default 0: at the first event. */
  readonly after?: number;
}

/** The progress of one shard of a build. */
export interface ShardRecord {
  /** From 0. */
  readonly shard: number;
  /** All events of the shard up to this position are applied or dead letters. */
  readonly position: number;
  /** The worker that holds the lease; undefined if there is none, or the lease has ended. */
  readonly owner: string | undefined;
  /** Number of dead letters. */
  readonly deadLetters: number;
}

/** The state of a build. */
export interface ProjectionBuildState extends ProjectionBuildId {
  /** building: catches up while another build is live. live: serves queries. retired: replaced. */
  readonly state: "building" | "live" | "retired";
  /** Whether the projection is paused. */
  readonly paused: boolean;
  /** For a retired build: milliseconds since it was replaced. */
  readonly retiredFor?: number;
  /** The progress of each shard. */
  readonly shards: readonly ShardRecord[];
}

/** A live worker and a projection that it runs. */
export interface WorkerRecord {
  /** Id of the worker, which is one process. */
  readonly worker: string;
  /** Full name of the read model. */
  readonly name: string;
}

/** What a heartbeat returns. */
export interface ProjectionHeartbeat {
  /** All live workers of the projections, this one included. */
  readonly workers: readonly WorkerRecord[];
  /** All builds of the projections whose rows still exist, as `list` returns them. */
  readonly builds: readonly ProjectionBuildState[];
  /** The last committed event, as `EventStore.last` returns it. Absent: there is none, or it takes another read. */
  readonly last?: LastEvent;
}

/** The exclusive right to process a shard, until it expires or another worker acquires the shard under a higher epoch. */
export interface Lease extends ProjectionBuildId {
  /** Number of the shard, from 0. */
  readonly shard: number;
  /** Fencing token, higher than that of every earlier lease. A commit under a lower epoch writes nothing. */
  readonly epoch: number;
  /** The position to continue after. */
  readonly position: number;
}

/** Moves the checkpoint of a shard. */
export interface CheckpointMove extends ProjectionBuildId {
  /** Number of the shard, from 0. */
  readonly shard: number;
  /** Epoch of the lease; if the store has a higher one, nothing is written. */
  readonly epoch: number;
  /** The position that the checkpoint must have. */
  readonly from: number;
  /** The new position. */
  readonly to: number;
}

/** Commits a batch of a shard. `from` and `to` are equal when only dead letters are processed. */
export interface CheckpointCommit extends CheckpointMove {
  /** Extends the lease to this many milliseconds from now. */
  readonly lease?: number;
  /** Whether to lock each row that is read or written, because other shards may write it too. */
  readonly lockRows?: boolean;
}

/** Writes the rows of a batch in the transaction of its checkpoint, and returns the changes of dead letters. */
export type ApplyCheckpoint = (transaction: RowTransaction) => Promise<readonly DeadLetterChange[]>;

/**
 * The port of checkpoints, leases and dead letters of projections. All times are by the store's clock, so that the clocks of its
 * clients need not agree.
 */
export interface ProjectionStore {
  /**
   * Registers a version, unless it is registered already: the first version of a name is live at once, a later one is building.
   */
  register(registration: ProjectionRegistration): Promise<void>;
  /** Starts a new build of a version. Retires a build of the same version that was still building. */
  rebuild(registration: ProjectionRegistration): Promise<ProjectionBuildId>;
  /** Returns all builds of these projections whose rows still exist, by name, version and generation. */
  list(names: readonly string[]): Promise<readonly ProjectionBuildState[]>;
  /** Returns the build that serves queries; undefined if the projection was never registered. */
  live(name: string): Promise<ProjectionBuildId | undefined>;
  /**
   * Reports that a worker is alive and runs these projections, and extends its leases. Returns what the worker must know to
   * do its share, in one call, since an idle process makes no other.
   */
  heartbeat(worker: string, names: readonly string[], lease: number): Promise<ProjectionHeartbeat>;
  /** Removes a worker and ends all of its leases. */
  leave(worker: string): Promise<void>;
  /** Acquires a shard under a new epoch. undefined: another worker has it, or the projection is paused. */
  acquire(
    shard: ProjectionBuildId & { readonly shard: number },
    worker: string,
    lease: number,
  ): Promise<Lease | undefined>;
  /** Releases a shard; does nothing if another worker has it by now. */
  release(lease: Lease): Promise<void>;
  /**
   * Runs `apply`, saves its dead letters and moves the checkpoint in one transaction. false: the position or the epoch differs, and
   * nothing was written. `apply` may run again when the database retries the transaction, so it must have no effect except on the
   * rows; it must not wait for other work of the same store. Rejects with `invalid_argument` when `apply` has run and its
   * changes can never be committed, such as a key that is too long or a deferred constraint that fails.
   */
  commit(move: CheckpointCommit, apply: ApplyCheckpoint): Promise<boolean>;
  /**
   * Moves the checkpoints of several shards over events that change nothing, without waiting for a commit. Returns for each whether it
   * is at its new position; one that is not may be moved again later.
   */
  advance(moves: readonly CheckpointMove[]): Promise<readonly boolean[]>;
  /**
   * Makes a build live. Retires the previously live build and older ones that were still building. Fails if the build was never
   * registered.
   */
  promote(build: ProjectionBuildId): Promise<void>;
  /** Pauses or resumes a projection. Once a pause has resolved, no worker writes any more. */
  setPaused(name: string, paused: boolean): Promise<void>;
  /** Deletes at most `limit` rows of a retired build. false: none are left, and only the number of the build is kept. */
  drop(build: ProjectionBuildId, limit: number): Promise<boolean>;
  /** Returns dead letters, by key, then by position. */
  deadLetters(build: ProjectionBuildId, query: DeadLetterQuery): Promise<readonly DeadLetter[]>;
  /** Returns the keys of a shard that dead letters block. */
  blockedKeys(shard: ProjectionBuildId & { readonly shard: number }): Promise<readonly string[]>;
  /** Makes the dead letters of one key or of all keys due now and resets their attempts. Returns the number of keys. */
  retry(build: ProjectionBuildId, key?: string): Promise<number>;
  /** Deletes the dead letters of a key and unblocks it. Returns the number of events. */
  discard(build: ProjectionBuildId, key: string): Promise<number>;
}
