import type { StreamId } from "./event-store.js";

/** An event on its way out. */
export interface OutboxMessage {
  /** Place in the queue. Within one stream it is the order of versions. */
  readonly position: number;
  /** Id of the event: the same however often it is sent. */
  readonly id: string;
  readonly stream: StreamId;
  readonly version: number;
  readonly type: string;
  readonly schemaVersion: number;
  /** Milliseconds since 1970, by the store's clock. */
  readonly at: number;
  readonly correlationId: string;
  readonly causationId: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
}

/** How much waits in an outbox. */
export interface OutboxBacklog {
  /** Messages. */
  readonly waiting: number;
  /** Milliseconds that the oldest of them has waited, by the store's clock. 0: none waits. */
  readonly oldestAge: number;
}

/**
 * The port of stores whose transactions can leave messages, for one relay at a time to send. A message stays until it is
 * removed, so that none is lost; the lease is what keeps the order within a stream.
 */
export interface Outbox {
  /**
   * Lets this owner alone relay for so many milliseconds by the store's clock; prolongs the lease of who has it. Gives the
   * epoch, which is greater for every new holder; undefined: another has the lease.
   */
  lease(owner: string, milliseconds: number): Promise<number | undefined>;
  /** Gives the lease back before its time. */
  release(owner: string, epoch: number): Promise<void>;
  /** The first messages of the queue, except those of some streams. */
  next(limit: number, except: readonly StreamId[]): Promise<readonly OutboxMessage[]>;
  /** Removes messages that were sent. false: the lease of this epoch is over, and all of them stay. */
  remove(epoch: number, positions: readonly number[]): Promise<boolean>;
  backlog(): Promise<OutboxBacklog>;
  /** Calls back, soon after and possibly coalesced, when this process has left a message. Returns the function that ends it. */
  onMessage(listener: () => void): () => void;
}
