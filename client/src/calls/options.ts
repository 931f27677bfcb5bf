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
 * The state of a stream: `connecting` for the first time, `open`, `reconnecting` after a fault, or `ended`.
 */
export type StreamState = "connecting" | "open" | "reconnecting" | "ended";

/** The options of streams. */
export interface StreamOptions extends CallOptions {
  /** Where to begin: after the item with this id. Default: where the method begins. */
  readonly lastEventId?: string | undefined;
  /** Called when the state of the stream changes; with the error that led to `reconnecting` or `ended`. */
  readonly onState?: ((state: StreamState, error?: unknown) => void) | undefined;
  /**
   * Called when the server no longer has the position from which the stream would resume: items are lost. The stream then
   * starts over. Absent: it fails with `out_of_range` instead.
   */
  readonly onLost?: (() => void) | undefined;
}
