import { PotterError } from "../errors/index.js";
import type { HttpRequest } from "./http.js";

/** Origins of web pages: `*` for all, a list of origins such as `https://shop.example.com`, or a predicate. */
export type Origins = "*" | readonly string[] | ((origin: string) => boolean);

/** Creates the predicate of origins. `what` names the option. Throws a PotterError for an invalid origin in the list. */
export function createOriginPredicate(what: string, origins: Origins): (origin: string) => boolean {
  if (typeof origins === "function") return origins;
  if (origins === "*") return () => true;
  const known = new Set(origins.map((origin) => checkOrigin(what, origin)));
  return (origin) => known.has(origin);
}

function checkOrigin(what: string, origin: string): string {
  // `null` is not accepted: any page can send it.
  if (URL.canParse(origin) && new URL(origin).origin === origin) return origin;
  throw new PotterError(
    "invalid_argument",
    `${what} has ${JSON.stringify(origin)}: expected an origin such as "https://shop.example.com"`,
  );
}

/** Whether an origin is that of the host which a request names. */
export function isOwnOrigin(origin: string, request: Pick<HttpRequest, "header">): boolean {
  const host = request.header("host")?.toLowerCase();
  return host !== undefined && (origin === `http://${host}` || origin === `https://${host}`);
}
