import type { MethodInfo } from "../contract/index.js";
import {
  type Code,
  type ErrorDetail,
  PotterClientError,
  type PotterClientErrorOptions,
  type Violation,
} from "../errors/index.js";
import { toFieldPath } from "./field-path.js";

/**
 * Creates the error of a call from what a server answered: recognizes the errors that the method declares, and reads violations,
 * the time to wait and the correlation id from headers and from the details of `google.rpc`.
 */
export function createFailure(
  method: MethodInfo,
  code: Code,
  message: string,
  options: PotterClientErrorOptions = {},
): PotterClientError {
  const { details = [], headers, trailers } = options;
  const header = (name: string) => headers?.get(name) ?? trailers?.get(name);
  const correlationId = header("x-correlation-id");
  const retry = jsonOf(details, "google.rpc.RetryInfo")?.["retryDelay"];
  return new PotterClientError(code, message, {
    ...readRetryAfter(header("retry-after") || retry),
    ...(correlationId && { correlationId }),
    violations: toViolations(jsonOf(details, "google.rpc.BadRequest")),
    ...options,
    ...findDeclared(method, details),
  });
}

/** Reads `retry-after`, which is seconds or a date, or a duration like `1.5s`. */
function readRetryAfter(value: unknown): { readonly retryAfter?: number } {
  const text = String(value);
  const isDuration = /^-?[\d.]+s?$/.test(text);
  const retryAfter = isDuration ? Number.parseFloat(text) * 1000 : Math.max(Date.parse(text) - Date.now(), 0);
  return Number.isNaN(retryAfter) ? {} : { retryAfter };
}

type Json = Readonly<Record<string, unknown>>;

function jsonOf(details: readonly ErrorDetail[], typeName: string): Json | undefined {
  return details.find((detail) => detail.typeName === typeName)?.json as Json | undefined;
}

function toViolations(badRequest: Json | undefined): Violation[] {
  const found = (badRequest?.["fieldViolations"] ?? []) as readonly Readonly<Record<string, string | undefined>>[];
  return found.map(({ field = "", reason = "", description = "" }) => ({
    field: toFieldPath(field),
    rule: reason,
    message: description,
  }));
}

function findDeclared(method: MethodInfo, details: readonly ErrorDetail[]): { name?: string; detail?: unknown } {
  for (const [name, declared] of Object.entries(method.errors ?? {})) {
    const codec = typeof declared === "string" ? undefined : declared;
    const detail = details.find(({ typeName }) => typeName === (codec?.typeName ?? declared));
    if (detail === undefined) continue;
    const { json, bytes } = detail;
    // Of plain JSON, all fields are optional: without its JSON, the error is known, but not its fields.
    if (codec === undefined) return { name, detail: json ?? {} };
    try {
      return { name, detail: bytes === undefined ? codec.fromJson(json) : codec.decode(bytes) };
    } catch {
      // A declared error that this contract cannot read is an error nevertheless.
    }
  }
  return {};
}

/** The error of a call whose signal was aborted: `deadline_exceeded`, or `cancelled`. */
export function toAbortError(signal: AbortSignal): PotterClientError {
  const { reason } = signal;
  if (reason instanceof PotterClientError) return reason;
  return new PotterClientError("cancelled", "the call was cancelled", { cause: reason });
}

/** The error of a call that a fault of the network ended. */
export function toNetworkError(method: MethodInfo, signal: AbortSignal | undefined, cause: unknown): PotterClientError {
  if (signal?.aborted) return toAbortError(signal);
  if (cause instanceof PotterClientError) return cause;
  return new PotterClientError("unavailable", `${method.name}: the server could not be reached`, { cause });
}
