import type { RowTransaction, Store } from "../event-store/index.js";
import type { EventMeta } from "./event-meta.js";

/** One build of a projection. What a target keeps of it is apart from all others: while one answers, the next is made. */
export interface ProjectionBuild {
  /** Full name of the read model. */
  readonly name: string;
  readonly version: number;
  /** From 1; a rebuild of the same version is the next. Never used twice. */
  readonly generation: number;
}

/**
 * Where a projection writes, within the transaction that moves its checkpoint: each event exactly once. Default: the rows of
 * the read model. One that writes to tables of its own gets the session of the transaction by `sessionOf` of the room `sql`.
 */
export interface ProjectionTarget<Handle = unknown> {
  /** Makes what a build needs before its first event. Idempotent; several processes may call it at once. */
  prepare?(store: Store, build: ProjectionBuild): Promise<void>;
  /**
   * Begins the changes of one event. Called for each event, in order, with the same `transaction` for all events of a
   * batch, so that what is dear can be kept by it, in a WeakMap. A batch may be run again: keep nothing beyond it.
   */
  open(transaction: RowTransaction, event: EventMeta, build: ProjectionBuild): TargetScope<Handle>;
  /** Throws away what a build has made, once another has replaced it. Idempotent. */
  drop?(store: Store, build: ProjectionBuild): Promise<void>;
}

/** The changes of one event. */
export interface TargetScope<Handle = unknown> {
  /** What the handler of the event is given as its second argument. */
  readonly handle: Handle;
  /** Called when the handler has ended: resolves when all that it asked for is done, rejects with the first that failed. */
  settled(): Promise<void>;
  /** Keys of rows of the read model that have changed, for those that watch them. */
  readonly changed?: readonly string[];
}
