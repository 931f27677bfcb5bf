import type { StreamId } from "./event.js";

/** An event in the outbox. */
export interface OutboxMessage {
  /** Position in the queue. Within one stream it follows the versions. */
  readonly position: number;
  /** Id of the event, the same each time it is sent. */
  readonly id: string;
  /** The stream of the event. */
  readonly stream: StreamId;
  /** Version of the stream after the event. */
  readonly version: number;
  /** Stored type of the event. */
  readonly type: string;
  /** Version of the event's schema. */
  readonly schemaVersion: number;
  /** Milliseconds since 1970, by the store's clock. */
  readonly at: number;
  /** Shared by all calls and events that one outside request led to. */
  readonly correlationId: string;
  /** Id of the command or event that caused the event. */
  readonly causationId: string;
  /** Metadata of the call that recorded the event. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The encoded message of the event. */
  readonly bytes: Uint8Array;
}

/** The backlog of an outbox. */
export interface OutboxBacklog {
  /** Number of messages. */
  readonly waiting: number;
  /** Age of the oldest message in milliseconds, by the store's clock. 0: there is none. */
  readonly oldestAge: number;
}

/**
 * The port of stores whose transactions can add messages for one relay at a time to send. A message stays until it is removed, so
 * that none is lost; the lease keeps the order within a stream.
 */
export interface Outbox {
  /**
   * Acquires or extends the lease of the relay, for so many milliseconds by the store's clock. Returns the epoch, which is greater
   * for every new owner; undefined: another owner has the lease.
   */
  lease(owner: string, milliseconds: number): Promise<number | undefined>;
  /** Releases the lease early. */
  release(owner: string, epoch: number): Promise<void>;
  /** Returns the first messages of the queue, except those of some streams. */
  next(limit: number, except: readonly StreamId[]): Promise<readonly OutboxMessage[]>;
  /** Removes messages that were sent. false: the lease of this epoch has ended, and all of them stay. */
  remove(epoch: number, positions: readonly number[]): Promise<boolean>;
  /** Returns the number of messages and the age of the oldest. */
  backlog(): Promise<OutboxBacklog>;
  /** Calls a listener after this process has added messages; calls may be coalesced. Returns the function that removes it. */
  onMessage(listener: () => void): () => void;
}
