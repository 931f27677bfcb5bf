import type { Code, ErrorDetail, PotterClientError, Violation } from "../errors/index.js";
import { createFailure, type OutgoingCall, type ResponseHeaders } from "../transport/index.js";
import { fromPointer } from "./field-pointer.js";

/** The body of an error: `application/problem+json` with what Potter adds to it. */
interface Problem {
  readonly title?: string;
  readonly detail?: string;
  readonly code?: Code;
  readonly correlationId?: string;
  /** In milliseconds. Over WebSockets only; HTTP has a header. */
  readonly retryAfter?: number;
  /** Whether the call was certainly not begun. Over WebSockets only. */
  readonly unprocessed?: boolean;
  readonly violations?: readonly Violation[];
  readonly error?: AnyJson;
  readonly details?: readonly AnyJson[];
}

type AnyJson = Readonly<Record<string, unknown>> & { readonly "@type"?: string };

/** Creates the error of an answer. `body`: what it contains, whatever that is. `code` and `message`: those of a body that has none. */
export function toError(
  call: OutgoingCall,
  body: unknown,
  headers: ResponseHeaders,
  code: Code = "unknown",
  message = "the server answered with an error",
): PotterClientError {
  const problem = (typeof body === "object" && body !== null ? body : {}) as Problem;
  const { title, detail, correlationId, violations, error, details, retryAfter, unprocessed } = problem;
  // Proxies answer with JSON of their own, in which these have other types.
  const known = typeof problem.code === "string" ? problem.code : code;
  const all = [error, ...(Array.isArray(details) ? details : [])].filter((one) => typeof one === "object" && one);
  return createFailure(call.method, known, detail ?? title ?? message, {
    details: (all as AnyJson[]).map(toDetail),
    headers,
    ...(Array.isArray(violations) && { violations: violations.map(toViolation) }),
    ...(correlationId && { correlationId }),
    ...(retryAfter !== undefined && { retryAfter }),
    ...(unprocessed === true && { unprocessed }),
  });
}

function toViolation(violation: Partial<Violation> | null): Violation {
  const { field, rule = "", message = "" } = violation ?? {};
  return { field: fromPointer(String(field ?? "")), rule, message };
}

/** Types of google.protobuf whose JSON is no object are in `value`. */
function toDetail({ "@type": type = "", ...json }: AnyJson): ErrorDetail {
  const typeName = type.slice(type.lastIndexOf("/") + 1);
  return { typeName, json: typeName.startsWith("google.protobuf.") && "value" in json ? json["value"] : json };
}
