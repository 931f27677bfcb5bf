import type { Code, PotterClientError } from "../errors/index.js";
import { toError } from "../problem/index.js";
import type { OutgoingCall, ResponseHeaders } from "../transport/index.js";

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

/** Creates the error of a response. `body`: what it contains, whatever that is. */
export function toStatusError(
  call: OutgoingCall,
  body: unknown,
  { headers, status }: { readonly headers: ResponseHeaders; readonly status: number },
): PotterClientError {
  return toError(call, body, headers, statuses[status], `the server answered with status ${status}`);
}
