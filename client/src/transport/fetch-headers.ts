import type { RequestHeaders } from "./transport.js";

/** The headers of a request for `fetch`, with further ones. */
export function toFetchHeaders(headers: RequestHeaders, more: Readonly<Record<string, string>> = {}): Headers {
  const all = new Headers(more);
  for (const [name, value] of Object.entries(headers)) for (const one of [value].flat()) all.append(name, one);
  return all;
}
