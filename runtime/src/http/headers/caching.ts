import type { AnyMethod } from "../../cqrs/index.js";
import type { HttpRequest } from "../http.js";
import { hasEntityTag } from "./entity-tags.js";

// How clients cache the responses to GET requests of a method, whatever transport sends them.

/** Headers that identify the caller: after another user signs in, a cached response must not be shown. */
const callerHeaders = "authorization, cookie";

/** Returns the `cache-control` of the responses to GET requests. */
export function cacheControlOf({ cacheTtl }: Pick<AnyMethod, "cacheTtl">): string {
  return cacheTtl === undefined ? "no-store" : `private, max-age=${Math.floor(cacheTtl / 1000)}`;
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
