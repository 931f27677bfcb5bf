import { PotterError } from "../../errors/index.js";
import { HttpError, type HttpRequest } from "../../http/index.js";

/** CSRF protection of `GET` requests: on, off, or on with additional headers. */
export type CsrfOptions =
  | boolean
  | {
      /** Headers of your clients that also count as proof. Browsers must not send them on their own. */
      readonly headers: readonly string[];
    };

/** Headers that require a CORS preflight from a page of another origin. */
const known = ["graphql-require-preflight", "apollo-require-preflight", "x-apollo-operation-name"];

/** A content type that requires a preflight. Strict, since some browsers send malformed types without one. */
const preflighted = /^application\/json(\s*;\s*[\w-]+=(?:"[\w-]*"|[\w-]+))*$/i;

/**
 * Creates the check of `GET` requests. It throws a 403 for a request that a page of another site could have sent without a
 * preflight. A preflight is subject to CORS; without one, `sec-fetch-site` of the browser names the origin. Requests without a
 * browser cannot abuse a user's credentials. `POST` is subject to the same-site check of the app.
 */
export function createCsrfCheck(csrf: CsrfOptions = true): (request: HttpRequest) => void {
  if (csrf === false) return () => {};
  const headers = csrf === true ? known : [...known, ...csrf.headers.map(checkName)];
  const message = `send a header that requires a CORS preflight, such as ${known[0]}: 1`;
  return (request) => {
    if (headers.some((name) => isGiven(request.header(name))) || preflighted.test(request.header("content-type") ?? ""))
      return;
    // Set by the browser, not by pages. "none": the user typed the address.
    if (/^(same-origin|none)$/.test(request.header("sec-fetch-site") ?? "")) return;
    throw new HttpError(403, "permission_denied", message);
  };
}

function isGiven(value: string | undefined): boolean {
  return value !== undefined && value !== "";
}

/** Rejects headers that browsers send without a preflight. */
function checkName(name: string): string {
  const lower = name.toLowerCase();
  const isOwn =
    /^(accept(-.*)?|access-control-.*|content-.*|cookie|host|last-event-id|origin|range|referer|sec-.*|user-agent)$/;
  if (/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(lower) && !isOwn.test(lower)) return lower;
  const expected = "expected a header that browsers do not send on their own";
  throw new PotterError("invalid_argument", `csrf.headers has ${JSON.stringify(name)}: ${expected}`);
}
