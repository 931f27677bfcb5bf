import type { AnyMethod } from "../../cqrs/index.js";
import type { HttpRequest } from "../http.js";
import { hasEntityTag } from "./entity-tags.js";

// How clients cache the responses to GET requests of a method, whatever transport sends them.

/**
 * The headers that identify the caller, since a cached response must not be shown after another user signs in, and the one that
 * demands a state, which a cached response may be older than.
 */
const callerHeaders = "authorization, cookie, potter-after";

/** Returns the `cache-control` of the responses to GET requests. One that demands a state gets a fresh response each time. */
export function cacheControlOf(
  { cacheTtl }: Pick<AnyMethod, "cacheTtl">,
  request: Pick<HttpRequest, "header">,
): string {
  if (cacheTtl === undefined || request.header("potter-after") !== undefined) return "no-store";
  return `private, max-age=${Math.floor(cacheTtl / 1000)}`;
}

/** Returns the `vary` of the responses to GET requests, which depend on the headers `own` too. undefined: no caches store them. */
export function varyOf({ cacheTtl }: Pick<AnyMethod, "cacheTtl">, own: string | undefined): string | undefined {
  if (cacheTtl === undefined) return undefined;
  return own === undefined ? callerHeaders : `${own}, ${callerHeaders}`;
}

/** Whether the client has the version with this entity tag already, so that a GET request gets a 304. */
export function isUnchanged(request: Pick<HttpRequest, "header">, etag: string | undefined): boolean {
  const known = etag === undefined ? undefined : request.header("if-none-match");
  return etag !== undefined && known !== undefined && hasEntityTag(known, etag);
}
