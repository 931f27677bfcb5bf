import type { HttpRequest } from "./http.js";

/** Origins of web pages: `*`: all; a list of origins such as `https://shop.example.com`; or a function that is asked about one. */
export type Origins = "*" | readonly string[] | ((origin: string) => boolean);

/** Tells which origins are meant. Throws for one in the list that is none; `what` names the option. */
export function createOriginPredicate(what: string, origins: Origins): (origin: string) => boolean {
  if (typeof origins === "function") return origins;
  if (origins === "*") return () => true;
  const known = new Set(origins.map((origin) => checkOrigin(what, origin)));
  return (origin) => known.has(origin);
}

function checkOrigin(what: string, origin: string): string {
  // A browser sends `null` for pages without an origin, which is whoever wants to be one.
  if (URL.canParse(origin) && new URL(origin).origin === origin) return origin;
  throw new Error(`${what} has ${JSON.stringify(origin)}: expected an origin such as "https://shop.example.com"`);
}

/** Whether an origin is the one that a request asks, by the host that it names. */
export function isOwnOrigin(origin: string, request: Pick<HttpRequest, "header">): boolean {
  const host = request.header("host")?.toLowerCase();
  return host !== undefined && (origin === `http://${host}` || origin === `https://${host}`);
}
