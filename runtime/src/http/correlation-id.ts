import { newId } from "../message/index.js";
import type { HttpRequest } from "./http.js";

/**
 * The correlation id that a caller gave: `x-correlation-id`, or the trace id of `traceparent`. It ends up in logs and
 * headers, so anything but a short plain token is passed over.
 */
export function readCorrelationId(request: Pick<HttpRequest, "header">): string | undefined {
  const given = request.header("x-correlation-id");
  if (given !== undefined && /^[\w.:/+=@-]{1,128}$/.test(given)) return given;
  const trace = request.header("traceparent");
  const id = trace === undefined ? undefined : /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}/.exec(trace)?.[1];
  return id === undefined || /^0+$/.test(id) ? undefined : id;
}

/** The correlation id of a request: the one that its caller gave, or a new one. */
export function correlationIdOf(request: Pick<HttpRequest, "header">): string {
  return readCorrelationId(request) ?? newId();
}
