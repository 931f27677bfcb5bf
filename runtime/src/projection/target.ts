import type { ProjectionBuildId, RowTransaction, Store } from "../store/ports/index.js";
import type { EventMeta } from "./event-meta.js";

/**
 * Where a projection writes, within the transaction that moves its checkpoint: each event exactly once. Default: the rows of
 * the read model. One that writes to tables of its own gets the session of the transaction by `sessionOf` of the room `sql`.
 */
export interface ProjectionTarget<Handle = unknown> {
  /** Makes what a build needs before its first event. Idempotent; several processes may call it at once. */
  prepare?(store: Store, build: ProjectionBuildId): Promise<void>;
  /**
   * Begins the changes of one event. Called for each event, in order, with the same `transaction` for all events of a
   * batch, so that what is dear can be kept by it, in a WeakMap. A batch may be run again: keep nothing beyond it.
   */
  open(transaction: RowTransaction, event: EventMeta, build: ProjectionBuildId): TargetScope<Handle>;
  /** Throws away what a build has made, some time after another has replaced it. Idempotent. */
  drop?(store: Store, build: ProjectionBuildId): Promise<void>;
}

/** The changes of one event. */
export interface TargetScope<Handle = unknown> {
  /** What the handler of the event is given as its second argument. */
  readonly handle: Handle;
  /** Called when the handler has ended: resolves when all that it asked for is done, rejects with the first that failed. */
  settled(): Promise<unknown>;
  /** Keys of rows of the read model that have changed, for those that watch them. */
  readonly changed?: readonly string[];
}
