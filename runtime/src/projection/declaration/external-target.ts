import type { ProjectionBuildId } from "../../store/ports/index.js";
import type { EventMeta } from "./event-meta.js";

/** A change for an external target, and the event that caused it. */
export interface ExternalChange<Change = unknown> {
  /** Unique among the changes of a build, and the same when the change is sent again. */
  readonly key: string;
  /** The change, as the handler emitted it. */
  readonly change: Change;
  /** Position, stream, time and ids of the event that caused it. */
  readonly event: EventMeta;
}

/** Which shard of which build sends the changes. */
export interface ExternalBatch {
  /** The build that the changes belong to. */
  readonly build: ProjectionBuildId;
  /** Number of the shard, from 0. */
  readonly shard: number;
  /**
   * Grows when another worker takes over the shard. A target that stores the highest epoch can refuse late writes of a worker
   * whose lease has expired.
   */
  readonly epoch: number;
  /** The position that the changes lead up to. */
  readonly position: number;
  /** Aborts when this process stops working on the shard. What is not written by then is sent again, by the next worker of the shard. */
  readonly signal: AbortSignal;
}

/** A change that a target refused, and why. */
export interface RefusedChange<Change = unknown> {
  /** The change, as the target received it. */
  readonly change: ExternalChange<Change>;
  /** The reason. Its name and place are stored with the dead letter, and all of it is logged. */
  readonly error: unknown;
}

/** What a target has written of a batch, if that is not all of it. */
export interface PartialWrite<Change = unknown> {
  /**
   * The changes that it refused: their events become dead letters. After a refused change it must refuse the later changes of
   * the same stream. Default: none.
   */
  readonly refused?: readonly RefusedChange<Change>[];
  /** All changes up to this position were written or refused, and the others are sent again. Default: the end of the batch. */
  readonly through?: number;
}

/**
 * A target outside the store's database, such as a search engine, which receives each event at least once. The checkpoint is
 * committed after the target has accepted the changes, so a crash in between sends them again, under the same keys, before
 * any later one.
 */
export interface ExternalTarget<Change = unknown> {
  /** Distinguishes it from targets that write in the transaction of the checkpoint. */
  readonly transactional: false;
  /** Prepares a build before its first change: creates its index, for example. Must be idempotent; several processes may call it at once. */
  prepare?(build: ProjectionBuildId): Promise<void>;
  /**
   * Makes a build answer instead of any other. Called for the first build of a projection, for one that has caught up, and for
   * the live one when a process starts. Must be idempotent; retried until it succeeds.
   */
  promote?(build: ProjectionBuildId): Promise<void>;
  /** Deletes what a build has written, some time after another has replaced it. Must be idempotent. */
  drop?(build: ProjectionBuildId): Promise<void>;
  /**
   * Writes changes, in the order of their events. After a rejection they are sent again: if it has the code `unavailable`,
   * `aborted`, `deadline_exceeded` or `resource_exhausted`, as the same batch until it is accepted; otherwise event by event,
   * and an event that is rejected alone becomes a dead letter. A target that knows which changes it refuses returns them instead.
   */
  write(
    changes: readonly ExternalChange<Change>[],
    batch: ExternalBatch,
  ): Promise<void> | Promise<PartialWrite<Change>>;
}

/** What handlers of an external projection receive: sends changes, in order. */
export interface ExternalEmitter<Change = unknown> {
  /** Adds a change, which the target receives with its batch. */
  emit(change: Change): void;
}

export function isExternal(target: object): target is ExternalTarget {
  return "transactional" in target && target.transactional === false;
}
