import type { DeadLetter, DeadLetterChange, DeadLetterQuery } from "./dead-letter.js";
import type { RowTransaction } from "./rows.js";

/** One build of a projection. What is kept of it is apart from all others: while one answers, the next is made. */
export interface ProjectionBuildId {
  /** Full name of the read model. */
  readonly name: string;
  readonly version: number;
  /** From 1; a rebuild of the same version is the next. Never used twice. */
  readonly generation: number;
}

/** What an app says of its projection when it starts. */
export interface ProjectionRegistration {
  readonly name: string;
  readonly version: number;
  /** How many parts the work is split into. Fixed for a build: another number counts from the next build on. */
  readonly shards: number;
}

/** How one part of a build stands. */
export interface ShardRecord {
  /** From 0. */
  readonly shard: number;
  /** All events of the shard up to this position are applied or parked. */
  readonly position: number;
  /** The worker that holds the lease; undefined: nobody, or the lease has ended. */
  readonly owner: string | undefined;
  /** Events that are parked. */
  readonly deadLetters: number;
}

/** How a build stands. */
export interface ProjectionBuildState extends ProjectionBuildId {
  /** building: catches up beside the live build. live: answers queries. retired: replaced. */
  readonly state: "building" | "live" | "retired";
  readonly paused: boolean;
  /** Of a retired build: milliseconds since it was replaced. */
  readonly retiredFor?: number;
  readonly shards: readonly ShardRecord[];
}

/** A worker that is alive, and a projection that it runs. */
export interface WorkerRecord {
  readonly worker: string;
  readonly name: string;
}

/** The right to work on a shard, until it ends or another worker takes the shard under a higher epoch. */
export interface Lease extends ProjectionBuildId {
  readonly shard: number;
  /** Higher than that of every lease before. A commit under a lower one writes nothing. */
  readonly epoch: number;
  /** Where to go on from. */
  readonly position: number;
}

/** A step of a shard, from one position to the next. Both may be the same, when only parked events are dealt with. */
export interface CheckpointCommit extends ProjectionBuildId {
  readonly shard: number;
  readonly epoch: number;
  readonly from: number;
  readonly to: number;
  /** Makes the lease last this long from now, in milliseconds. */
  readonly lease?: number;
  /** Rows that are read or written are kept from other transactions until this one ends: other shards may touch them. */
  readonly lockRows?: boolean;
}

/** Writes the rows of a batch in the transaction of its checkpoint, and returns the changes of dead letters that belong to it. */
export type ApplyCheckpoint = (transaction: RowTransaction) => Promise<readonly DeadLetterChange[]>;

/**
 * The port of stores that keep how far projections have come, and what they could not apply. All times are by the clock
 * of the store, so that those of its clients need not agree.
 */
export interface ProjectionStore {
  /**
   * Makes sure the version is known: the first version of a name is live at once, a later one is building. What is
   * known already stays as it is.
   */
  register(registration: ProjectionRegistration): Promise<void>;
  /** Begins a new build of a version, beside all others. One of the same version that was still building is retired. */
  rebuild(registration: ProjectionRegistration): Promise<ProjectionBuildId>;
  /** All builds of these projections whose rows are still there, by name, version and generation. */
  list(names: readonly string[]): Promise<readonly ProjectionBuildState[]>;
  /** The build of a projection that answers queries; undefined if it was never registered. */
  live(name: string): Promise<ProjectionBuildId | undefined>;
  /**
   * Says that a worker is alive and runs these projections, makes the leases that it still has last longer, and gives all
   * workers of these projections that are alive.
   */
  heartbeat(worker: string, names: readonly string[], lease: number): Promise<readonly WorkerRecord[]>;
  /** Ends all leases of a worker, and the worker. */
  leave(worker: string): Promise<void>;
  /** Takes a shard, under a new epoch. undefined: another has it, or the projection is paused. */
  acquire(
    shard: ProjectionBuildId & { readonly shard: number },
    worker: string,
    lease: number,
  ): Promise<Lease | undefined>;
  /** Gives a shard back; does nothing if another has it by now. */
  release(lease: Lease): Promise<void>;
  /**
   * Runs `apply`, keeps what it parks and moves the shard in one transaction. false: the position or the epoch is
   * another, and nothing was written. `apply` may run again when the database asks for it, so it must have no
   * effect but on the rows; it must not wait for other work of the same store. Rejects with `invalid_argument` when
   * `apply` has run and what it has done cannot be kept, for a reason that will not pass: a key that is too long, a
   * constraint that is checked at the end.
   */
  commit(move: CheckpointCommit, apply: ApplyCheckpoint): Promise<boolean>;
  /**
   * Makes a build live and retires the one that was, and those of before that were still building. Fails for one that
   * was never registered.
   */
  promote(build: ProjectionBuildId): Promise<void>;
  /** Stops all work on a projection, or lets it go on. Nothing is written once a pause has resolved, whoever is at work. */
  setPaused(name: string, paused: boolean): Promise<void>;
  /** Deletes at most `limit` rows of a retired build. false: none are left, and the build is forgotten but for its number. */
  drop(build: ProjectionBuildId, limit: number): Promise<boolean>;
  /** Parked events, in the order of keys, then of positions. */
  deadLetters(build: ProjectionBuildId, query: DeadLetterQuery): Promise<readonly DeadLetter[]>;
  /** The keys that events of a shard are parked under. */
  blockedKeys(shard: ProjectionBuildId & { readonly shard: number }): Promise<readonly string[]>;
  /** Makes parked events due now, of one key or of all, and counts their tries anew. Gives the number of keys. */
  retry(build: ProjectionBuildId, key?: string): Promise<number>;
  /** Forgets the events that are parked under a key, and lets later ones flow. Gives the number of events. */
  discard(build: ProjectionBuildId, key: string): Promise<number>;
}
