import type { Code } from "../../errors/index.js";

/**
 * The HTTP status of each code: the table of google.rpc.Code, with two exceptions. `failed_precondition` is 409, because the
 * request is valid and the state of the resource forbids it. An `aborted` If-Match is 412 (RFC 9110, 13.1.1).
 */
const statuses: Readonly<Record<Code, number>> = {
  cancelled: 499,
  unknown: 500,
  invalid_argument: 400,
  deadline_exceeded: 504,
  not_found: 404,
  already_exists: 409,
  permission_denied: 403,
  resource_exhausted: 429,
  failed_precondition: 409,
  aborted: 409,
  out_of_range: 400,
  unimplemented: 501,
  internal: 500,
  unavailable: 503,
  data_loss: 500,
  unauthenticated: 401,
};

/** Returns the HTTP status of a code. */
export function toStatus(code: Code): number {
  return statuses[code] ?? 500;
}

const phrases: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  406: "Not Acceptable",
  408: "Request Timeout",
  409: "Conflict",
  412: "Precondition Failed",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  421: "Misdirected Request",
  426: "Upgrade Required",
  429: "Too Many Requests",
  431: "Request Header Fields Too Large",
  499: "Client Closed Request",
  500: "Internal Server Error",
  501: "Not Implemented",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};

/** Returns the phrase of a status: the title of a problem without its own type. */
export function toPhrase(status: number): string {
  return phrases[status] ?? "Error";
}
