import type { Code } from "@potter/runtime";
import type { AnyMethod } from "@potter/runtime/transport";

/** One call, as every surface makes it. */
export interface TrialCall {
  readonly method: AnyMethod;
  /** The requests as ProtoJSON: one, or those of a stream. */
  readonly requests: readonly unknown[];
  readonly commandId?: string;
  readonly expectedVersion?: number;
  /** For a stream: the id after which it continues. */
  readonly after?: string;
  /** For a stream: how many responses are read before the client breaks it off. Default: all. */
  readonly take?: number;
  /** In milliseconds. */
  readonly timeout?: number;
  /** Cancelled once the handler runs. */
  readonly cancel?: AbortSignal;
}

/** What must be equal over all surfaces. */
export interface Outcome {
  readonly code: "ok" | Code;
  /** The responses as ProtoJSON: one, or those of a stream. */
  readonly responses: readonly unknown[];
  readonly version?: number | undefined;
  readonly message?: string | undefined;
  readonly violations?: readonly Violation[];
  /** The declared error. */
  readonly declared?: { readonly type: string; readonly json: unknown } | undefined;
  /** In milliseconds. */
  readonly retryAfter?: number | undefined;
}

export interface Violation {
  /** The path of the field: only its letters and digits, since each surface writes it in its own syntax. */
  readonly field: string;
  readonly rule: string;
  readonly message: string;
}

/** One way to call the app. */
export interface Caller {
  readonly name: string;
  /** The reason why this surface cannot express a call; undefined: it can. */
  excludes?(call: TrialCall): string | undefined;
  call(call: TrialCall): Promise<Outcome>;
  close?(): Promise<void> | void;
}

/** `lines[0].unit_price`, `/lines/0/unitPrice` → `lines0unitprice`. */
export function comparableField(field: string): string {
  return field.replaceAll(/[^\p{L}\p{N}]/gu, "").toLowerCase();
}

export function isStream({ stream }: AnyMethod): boolean {
  return stream !== "unary";
}

/** Whether a request is valid ProtoJSON, so that a binary surface can send it. */
export function isEncodable({ method, requests }: TrialCall): boolean {
  try {
    for (const request of requests) method.request.fromJson(request as never);
    return true;
  } catch {
    return false;
  }
}
