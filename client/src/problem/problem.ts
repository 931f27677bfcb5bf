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

/** What a status means if the body is no problem: proxies and other servers answer so. */
const statuses: Readonly<Record<number, Code>> = {
  400: "invalid_argument",
  401: "unauthenticated",
  403: "permission_denied",
  404: "not_found",
  405: "unimplemented",
  409: "aborted",
  412: "aborted",
  413: "resource_exhausted",
  429: "resource_exhausted",
  501: "unimplemented",
  502: "unavailable",
  503: "unavailable",
  504: "unavailable",
};

/** Creates the error of an answer. `body`: what it contains, whatever that is. */
export function toError(call: OutgoingCall, body: unknown, headers: ResponseHeaders, status = 500): PotterClientError {
  const problem = (typeof body === "object" && body !== null ? body : {}) as Problem;
  const { code, title, detail, correlationId, violations, error, details, retryAfter, unprocessed } = problem;
  const message = detail ?? title ?? `the server answered with status ${status}`;
  // Proxies answer with JSON of their own, in which these have other types.
  const known = typeof code === "string" ? code : (statuses[status] ?? "unknown");
  const all = [error, ...(Array.isArray(details) ? details : [])].filter((one) => typeof one === "object" && one);
  return createFailure(call.method, known, message, {
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
