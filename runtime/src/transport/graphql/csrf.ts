import { HttpError, type HttpRequest } from "../../http/index.js";

/** What keeps pages of other sites from asking in the name of whoever looks at them. */
export type CsrfOptions =
  | boolean
  | {
      /** Headers that clients of yours send, besides those that are known. None that a browser sends by itself. */
      readonly headers: readonly string[];
    };

/** What clients send to show that they may send what they like: a browser asks the server first, for a page of another origin. */
const known = ["graphql-require-preflight", "apollo-require-preflight", "x-apollo-operation-name"];

/** A type that no browser sends without asking. No other is taken for one: what is malformed, some browsers send unasked. */
const preflighted = /^application\/json(\s*;\s*[\w-]+=(?:"[\w-]*"|[\w-]+))*$/i;

/**
 * What throws a 403 for a request without a body that a page of another site could have sent unasked. One that needs a preflight
 * it can only send if it is let in; of others the browser says where they come from, and only a browser acts for a user who does not
 * know. All that is sent by `POST` passes the rule of the app.
 */
export function createCrossSiteCheck(csrf: CsrfOptions = true): (request: HttpRequest) => void {
  if (csrf === false) return () => {};
  const headers = csrf === true ? known : [...known, ...csrf.headers.map(checkName)];
  const message = `send a header that no page of another site can send unasked, such as ${known[0]}: 1`;
  return (request) => {
    if (headers.some((name) => isGiven(request.header(name))) || preflighted.test(request.header("content-type") ?? ""))
      return;
    // The browser's own word, which no page can change. "none": somebody typed the address.
    if (/^(same-origin|none)$/.test(request.header("sec-fetch-site") ?? "")) return;
    throw new HttpError(403, "permission_denied", message);
  };
}

function isGiven(value: string | undefined): boolean {
  return value !== undefined && value !== "";
}

/** Headers that browsers send without a preflight prove nothing. */
function checkName(name: string): string {
  const lower = name.toLowerCase();
  const isOwn =
    /^(accept(-.*)?|access-control-.*|content-.*|cookie|host|last-event-id|origin|range|referer|sec-.*|user-agent)$/;
  if (/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(lower) && !isOwn.test(lower)) return lower;
  throw new Error(`csrf.headers has ${JSON.stringify(name)}: expected a header that no browser sends by itself`);
}
