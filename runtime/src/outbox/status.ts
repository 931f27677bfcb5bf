import type { OutboxBacklog, StreamId } from "../store/ports/index.js";

/** A stream whose first message could not be sent: its other messages wait behind it. */
export interface BlockedStream {
  /** The stream whose messages wait. */
  readonly stream: StreamId;
  /** Id of the message. */
  readonly id: string;
  /** Stored type of the event that could not be sent. */
  readonly type: string;
  /** How many attempts it has had. */
  readonly attempts: number;
  /** Milliseconds until the next attempt. */
  readonly retryIn: number;
  /** Why the last attempt failed. */
  readonly error: unknown;
}

/** The state of an outbox: its backlog in the store, and what the relay of this process does. */
export interface OutboxStatus extends OutboxBacklog {
  /** Whether this process holds the lease and sends. */
  readonly relaying: boolean;
  /** Number of messages that this process has sent and deleted since it started. */
  readonly sent: number;
  /** Streams whose messages this process could not send. */
  readonly blocked: readonly BlockedStream[];
  /** The last error of sending or of the store; undefined once both work again. */
  readonly error: unknown;
}
