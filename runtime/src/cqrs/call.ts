import type { CallContext, Clock } from "./context.js";
import type { AnyMethod } from "./method.js";
import type { WaitOutcome } from "./wait-request.js";

/** One call of a method, as it passes through the middleware. */
export interface Call<Request = unknown> {
  /** The called method. */
  readonly method: AnyMethod;
  /** The request; an async iterable of them where the request is a stream. */
  readonly request: Request;
  /** The context of the call, with the clock of the app. */
  readonly context: CallContext & Clock;
}

/** The outcome of a call. */
export interface CallResult<Response = unknown> {
  /** The response; an async iterable of them where the response is a stream. */
  readonly response: Response;
  /** The version of the aggregate after the call. Absent for other calls. */
  readonly version?: number;
  /** The position of the last event that the call appended; 0 if it appended none. Absent if unknown. */
  readonly position?: number;
  /** The id of the aggregate. Absent for other calls. */
  readonly id?: string;
  /** Rows that a caller of the same process has added to the call were committed with it. */
  readonly joined?: true;
  /** What has become of what the caller waits for. Absent: it waited for nothing. */
  readonly wait?: WaitOutcome;
}

/**
 * The handler of a method in two steps, so that the bus waits for the promise of the function itself, and for none if the
 * function returns at once. Errors may be thrown, or reject the promise.
 */
export interface Handler {
  /** Runs the call. Returns a value for `toResult`, or a promise of one. */
  run(call: Call): unknown;
  /** Converts the value to the outcome of the call. Throws the error with which the call fails. */
  toResult(value: unknown): CallResult;
}

/** Runs the rest of a call: the next middleware or the handler. Rejects with whatever that throws. */
export type Next<Request = unknown, Response = unknown> = (call: Call<Request>) => Promise<CallResult<Response>>;
