import type { Code } from "./code.js";
import type { ResponseHeaders } from "./response-headers.js";

/** An error in a field of the request. */
export interface Violation {
  /** Where the field is, by the names of the messages: `lines[0].unitPrice`. Empty: the whole request. */
  readonly field: string;
  /** The id of the rule: `string.min_len`. */
  readonly rule: string;
  /** What is expected, in words for the user. */
  readonly message: string;
}

/** A detail of an error: a message as ProtoJSON, or its bytes. */
export interface ErrorDetail {
  /** Full name of the message: `google.rpc.RetryInfo`. */
  readonly typeName: string;
  /** The message as ProtoJSON. Absent: the server sent bytes only. */
  readonly json?: unknown;
  /** The encoded message. Absent: the server sent ProtoJSON only. */
  readonly bytes?: Uint8Array;
}

/** What is known about an error besides code and message. */
export interface PotterClientErrorOptions<Name extends string = string, Detail = unknown> {
  /** Local name of the declared error. Default: the code. */
  readonly name?: Name;
  /** The declared error. */
  readonly detail?: Detail;
  /** All details that the server sent. */
  readonly details?: readonly ErrorDetail[];
  /** The errors in the request. */
  readonly violations?: readonly Violation[];
  /** Milliseconds after which the server wants to be asked again; negative: not at all. */
  readonly retryAfter?: number;
  /** Identifies the call in the logs of the server. */
  readonly correlationId?: string;
  /** Whether the server has certainly not begun the call, so that any call may be repeated. */
  readonly unprocessed?: boolean;
  /** Whether a stream ended before it was complete, so that one that can be repeated may continue. */
  readonly interrupted?: boolean;
  /** Headers of the response, if there was one. */
  readonly headers?: ResponseHeaders;
  /** Trailers of the response, if it had some. */
  readonly trailers?: ResponseHeaders;
  /** What led to this error. */
  readonly cause?: unknown;
}

/** The error with which every failed call rejects. */
export class PotterClientError<Name extends string = string, Detail = unknown> extends Error {
  /** The code, equal in every transport. */
  declare readonly code: Code;
  /** Local name of the declared error, such as `outOfStock`; otherwise the code. */
  declare readonly name: Name;
  /** The declared error; undefined if the method declares no such error. */
  declare readonly detail: Detail;
  /** All details that the server sent. */
  declare readonly details: readonly ErrorDetail[];
  /** The errors in the request, each with its field. Empty: the error is not about single fields. */
  declare readonly violations: readonly Violation[];
  /** Milliseconds after which the server wants to be asked again. */
  declare readonly retryAfter: number | undefined;
  /** Identifies the call in the logs of the server. */
  declare readonly correlationId: string | undefined;
  /** Whether the server has certainly not begun the call. */
  declare readonly unprocessed: boolean;
  /** Whether the stream ended before it was complete. */
  declare readonly interrupted: boolean;
  /** Headers of the response. Absent: there was no response, or the transport does not tell. */
  declare readonly headers: ResponseHeaders | undefined;
  /** Trailers of the response. Absent: it had none, or the transport does not tell. */
  declare readonly trailers: ResponseHeaders | undefined;

  constructor(code: Code, message: string, options: PotterClientErrorOptions<Name, Detail> = {}) {
    // Reads the cause.
    super(message, options);
    const defaults = { name: code, details: [], violations: [], unprocessed: false, interrupted: false };
    Object.assign(this, defaults, options, { code });
  }
}

/** Whether a value is an error of a call, even one of another copy of this package. */
export function isPotterClientError(value: unknown): value is PotterClientError {
  return value instanceof Error && "violations" in value && "unprocessed" in value;
}

/** The error itself if it is one of a call; otherwise an error with the code `unknown` and what was thrown as its cause. */
export function toClientError(error: unknown): PotterClientError {
  if (isPotterClientError(error)) return error;
  return new PotterClientError("unknown", error instanceof Error ? error.message : String(error), { cause: error });
}

/**
 * Whether a stream cannot continue where it was: the server no longer has its position (`out_of_range`), or the position is unknown, in
 * which case the code is that of the fault. Or whether the server no longer has the position after which a query reads.
 */
export function isPositionLost(error: unknown): boolean {
  return (
    isPotterClientError(error) &&
    error.details.some(({ json }) => (json as { reason?: unknown } | undefined)?.reason === "POSITION_LOST")
  );
}
