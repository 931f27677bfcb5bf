import { type WaitOutcome, waitsPath } from "../../cqrs/index.js";
import type { HttpResponse } from "../../http/index.js";

/**
 * The response to a command whose client has waited for its effects (RFC 7240): 202 while they are pending, with the location at which
 * the wait is resumed.
 */
export function toWaited(response: HttpResponse, { state, token, preferences }: WaitOutcome): HttpResponse {
  const headers = {
    ...response.headers,
    ...(preferences !== undefined && { "preference-applied": preferences }),
    ...(state === "pending" && token !== undefined && { location: `${waitsPath}${token}` }),
  };
  return { ...response, status: state === "pending" ? 202 : response.status, headers };
}
