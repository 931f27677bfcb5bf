/** What a caller waits for beyond the response of its call. */
export interface WaitRequest {
  /**
   * A query waits until the read models of its service include this position: a token that an earlier call returned. `0`: no position
   * is known yet. With either, a command returns its own position. Default: a query waits for nothing.
   */
  readonly after?: string | undefined;
  /**
   * For a command: names of read models that must include its effects, and of events, of which the first that the command leads to
   * ends the wait. Default: none.
   */
  readonly until?: readonly string[] | undefined;
  /** The longest wait, in milliseconds. 0: only what is reached already. Default: 10 000. */
  readonly within?: number | undefined;
  /**
   * For transports, in place of the above: reads the metadata of the call by lower-case names, which says it by `potter-after`,
   * `potter-wait-for`, and `potter-wait` or `prefer`. Returns undefined for a name without a value. Default: none.
   */
  readonly header?: ((name: string) => string | undefined) | undefined;
}

/** A request to wait on its way through the app: only modules of the runtime set and read the further fields. */
export interface CarriedWait extends WaitRequest {
  /** Set within the process, in place of `until`: what is waited for, whatever the service exposes. */
  readonly needed?: WaitTargets | undefined;
  /** Carries out the call itself within the deadline of its transport, which the waits after it shorten. Set by the transport. */
  limit?: CallLimit | undefined;
  /** What is known once the handler of the call begins. Set by the app. */
  begun?: BegunWait | undefined;
}

/** What a command waits for. */
export interface WaitTargets {
  /** Full names of read models. */
  readonly models: readonly string[];
  /** Stored types of events, in their current version. */
  readonly events: readonly string[];
}

/** The deadline of a call. */
export interface CallLimit {
  /** Milliseconds from the start of the call. */
  readonly milliseconds: number;
  /** Runs the call. Rejects with `deadline_exceeded` when the time has passed. */
  run<Result>(call: () => Promise<Result>): Promise<Result>;
}

/** A call that has been let in by the middleware. */
export interface BegunWait {
  readonly tenant: string;
  readonly user: string;
  readonly correlationId: string;
  /** The command id, if the caller chose it. */
  readonly commandId: string | undefined;
  /** The events to wait for come after this position. */
  readonly from: number;
}

/** What has become of a wait. */
export interface WaitOutcome {
  /** `reached`: all of it. `pending`: not in time, although the command has taken effect. Absent: the call waited for nothing. */
  readonly state?: "reached" | "pending";
  /** The position after the command, as a token for `after`. Absent: unknown. */
  readonly position?: string;
  /** Resumes the wait. */
  readonly token?: string;
  /** The event that has ended the wait: full name of its message. */
  readonly event?: string;
  /** The message of that event. Only for callers of the same process. */
  readonly message?: unknown;
  /** The preferences of RFC 7240 that were applied. Absent: none. */
  readonly preferences?: string;
}

/** Where REST serves the method that resumes a wait: followed by the token. */
export const waitsPath = "/potter/v1/waits/";
