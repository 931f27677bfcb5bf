import type { ProjectionBuildId, RowTransaction, Store } from "../../store/ports/index.js";
import type { EventMeta } from "./event-meta.js";

/**
 * A target inside the store's database: it receives each event exactly once, in the transaction that commits the checkpoint.
 * Default: the rows of the read model. A target with its own tables gets the session of the transaction from `sessionOf` of
 * the module `sql`.
 */
export interface ProjectionTarget<Handle = unknown> {
  /** Prepares a build before its first event. Must be idempotent; several processes may call it at once. */
  prepare?(store: Store, build: ProjectionBuildId): Promise<void>;
  /**
   * Begins the changes of one event. Called for each event, in order, with the same `transaction` for all events of a batch,
   * so that expensive objects can be cached in a WeakMap by it. A batch may be run again: keep nothing beyond it.
   */
  open(transaction: RowTransaction, event: EventMeta, build: ProjectionBuildId): TargetScope<Handle>;
  /** Deletes what a build has written, some time after another has replaced it. Must be idempotent. */
  drop?(store: Store, build: ProjectionBuildId): Promise<void>;
}

/** The changes of one event. */
export interface TargetScope<Handle = unknown> {
  /** The second argument of the event handler. */
  readonly handle: Handle;
  /**
   * Called when the handler has returned: resolves when all its changes are made, rejects with the first that failed. undefined: all
   * are made.
   */
  settled(): Promise<unknown> | undefined;
  /** Keys of the rows of the read model that have changed, for their watchers. */
  readonly changed?: readonly string[];
}
