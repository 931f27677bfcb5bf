import type { CallContext, Clock } from "./context.js";
import type { AnyMethod } from "./method.js";

/** One call of a method, as it passes through the middleware. */
export interface Call<Request = unknown> {
  readonly method: AnyMethod;
  /** The request; an async iterable of them where the request is a stream. */
  readonly request: Request;
  readonly context: CallContext & Clock;
}

/** What a call led to. */
export interface CallResult<Response = unknown> {
  /** The response; an async iterable of them where the answer is a stream. */
  readonly response: Response;
  /** The version of the aggregate after the call. */
  readonly version?: number;
  /** The position of the last event that the call appended; 0: none. Absent where that is not known. */
  readonly position?: number;
  /** The id of the aggregate. */
  readonly id?: string;
}

/** Carries a call out. Rejects with a PotterError, or with whatever else was thrown. */
export type Next<Request = unknown, Response = unknown> = (call: Call<Request>) => Promise<CallResult<Response>>;
