import type { PotterClientError } from "../errors/index.js";

/** The version that an aggregate must have: exactly one, one of several, 0 for none yet, or any that exists. */
export type ExpectedVersion = number | readonly number[] | "any";

/** The options of every call. */
export interface CallOptions {
  /** Cancels the call: it rejects with the code `cancelled`. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for all attempts together; 0: no limit. Default: that of the contract, or of the client. */
  readonly timeout?: number | undefined;
  /** Further headers. Values of names that end in `-bin` are base64. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>> | undefined;
  /** Identifies the call in logs. Default: the server makes one up. */
  readonly correlationId?: string | undefined;
  /** A position that read models must have reached before the call is answered, as `result()` and sessions know it. */
  readonly after?: string | undefined;
  /** `false`: one attempt only. Default: `true`. */
  readonly retry?: boolean | undefined;
}

/** The options of commands. */
export interface CommandOptions extends CallOptions {
  /** Calls with the same id are carried out once, and answered alike. Default: a new id where the contract records it. */
  readonly commandId?: string | undefined;
  /** The version that the aggregate must have; otherwise the call fails with `aborted`. Default: not checked. */
  readonly expectedVersion?: ExpectedVersion | undefined;
}

/**
 * The state of a stream: `connecting` until the server begins to answer for the first time, `open`, `reconnecting` from a fault until the
 * stream is open again, the pauses included, and `ended`, after which nothing follows.
 */
export type StreamState = "connecting" | "open" | "reconnecting" | "ended";

/** What is known about the state of a stream. */
export interface StreamChange {
  /** Of `connecting` and `reconnecting`: the number of the attempt that comes next, from 1. */
  readonly attempt?: number;
  /**
   * The fault because of which the stream is opened again, or the error with which it has ended. Absent: it is opened for the first
   * time, it is complete, or it is not read further.
   */
  readonly error?: PotterClientError;
}

/** The options of streams in both directions, which are opened once. */
export interface BidiStreamOptions extends CallOptions {
  /**
   * Milliseconds without an item, or any other sign of the server, after which the stream counts as broken, and is opened again.
   * Over WebSockets without effect: they have pings. Default: that of the transport; none over Connect and gRPC.
   */
  readonly idleTimeout?: number | undefined;
  /** Called when the state of the stream changes, and before each further attempt. */
  readonly onState?: ((state: StreamState, change: StreamChange) => void) | undefined;
}

/** The options of streams. */
export interface StreamOptions extends BidiStreamOptions {
  /** Where to begin: after the item with this id. Default: where the method begins. */
  readonly lastEventId?: string | undefined;
  /**
   * Called when the stream cannot continue where it was, since its position is unknown or the server no longer has it. The stream
   * then starts over: items may be lost, or come again. Absent: it fails instead, with an error that `isPositionLost` recognizes.
   */
  readonly onLost?: (() => void) | undefined;
}
