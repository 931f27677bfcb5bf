import type { OutboxBacklog, StreamId } from "../store/ports/index.js";

/** A stream whose first message could not be sent: the others wait behind it. */
export interface BlockedStream {
  readonly stream: StreamId;
  /** Id of the message. */
  readonly id: string;
  readonly type: string;
  /** How often it was tried. */
  readonly attempts: number;
  /** Milliseconds until it is tried again. */
  readonly retryIn: number;
  /** Why the last try failed. */
  readonly error: unknown;
}

/** How an outbox stands: what waits in the store, whoever left it, and what this process does about it. */
export interface OutboxStatus extends OutboxBacklog {
  /** Whether it is this process that sends. */
  readonly relaying: boolean;
  /** Messages that this process has sent and deleted since it started. */
  readonly sent: number;
  /** Streams that wait after a failure of this process. */
  readonly blocked: readonly BlockedStream[];
  /** The last failure, of sending or of the store; undefined once all is well again. */
  readonly error: unknown;
}
