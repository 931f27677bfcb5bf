import type { ProjectionBuildId } from "../store/ports/index.js";
import type { EventMeta } from "./event-meta.js";

/** A change for another system, and the event that led to it. */
export interface ExternalChange<Change = unknown> {
  /** The same whenever this change is sent again. No two changes of a build share one. */
  readonly key: string;
  readonly change: Change;
  readonly event: EventMeta;
}

/** Which part of which build sends, and under which right. */
export interface ExternalBatch {
  readonly build: ProjectionBuildId;
  readonly shard: number;
  /**
   * Grows whenever another worker takes over. A system that remembers the highest one it has seen can refuse what a worker
   * sends that was taken for dead.
   */
  readonly epoch: number;
  /** The position that the changes lead up to. */
  readonly position: number;
}

/**
 * Where a projection writes outside of the store's database, such as a search engine: each event at least once. The
 * checkpoint moves after the changes were taken, so a crash in between sends them again, under the same keys, before any
 * later one.
 */
export interface ExternalTarget<Change = unknown> {
  readonly transactional: false;
  /** Makes what a build needs before its first change, such as an index of its own. Idempotent; several processes may call it at once. */
  prepare?(build: ProjectionBuildId): Promise<void>;
  /**
   * A build answers from now on, and no other: the first of a projection, one that has caught up, and the live one whenever a process
   * begins. Idempotent; tried again until it succeeds.
   */
  promote?(build: ProjectionBuildId): Promise<void>;
  /** Throws away what a build has made, some time after another has replaced it. Idempotent. */
  drop?(build: ProjectionBuildId): Promise<void>;
  /**
   * Takes changes in the order of their events. What rejects is sent again; when a batch is refused for a reason of its own,
   * its events come one by one, and the one that is refused alone is parked. `unavailable`, `aborted`, `deadline_exceeded`
   * and `resource_exhausted` say that nothing is wrong with the batch: it is sent again until it is taken.
   */
  write(changes: readonly ExternalChange<Change>[], batch: ExternalBatch): Promise<void>;
}

/** What handlers of a foreign projection are given: sends changes, in order. */
export interface ExternalEmitter<Change = unknown> {
  emit(change: Change): void;
}

export function isExternal(target: object): target is ExternalTarget {
  return "transactional" in target && target.transactional === false;
}
