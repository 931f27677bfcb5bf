import type { CorsOptions } from "./cors.js";
import type { HttpRequest } from "./http.js";
import { HttpError } from "./http-error.js";
import { createOriginPredicate, isOwnOrigin } from "./origins.js";

type Headers = Pick<HttpRequest, "header">;

/**
 * Which web pages may act for whoever looks at them (CSRF): those of the same origin, and those that CORS lets in. What is sent by no
 * browser always may: a forged request is sent by one.
 */
export class SiteCheck {
  private readonly isAllowed: ((origin: string) => boolean) | undefined;
  private readonly credentials: boolean;

  constructor(cors?: CorsOptions) {
    this.isAllowed = cors && createOriginPredicate("http.cors.origins", cors.origins);
    this.credentials = cors?.credentials ?? false;
  }

  /** Whether a request is of such a page, by the browser's own word, or else by the origin that it names. */
  allows(request: Headers): boolean {
    const site = request.header("sec-fetch-site");
    // No page can change it. "none": somebody typed the address.
    if (site === "same-origin" || site === "none") return true;
    const origin = request.header("origin");
    if (origin === undefined) return site === undefined;
    if (site === undefined && isOwnOrigin(origin, request)) return true;
    return this.letsIn(origin, request);
  }

  /** Throws 403 for a request of a page that may not act. */
  check(request: Headers): void {
    if (this.allows(request)) return;
    throw new HttpError(
      403,
      "permission_denied",
      "pages of other sites may change nothing here: http.cors of createApp names the origins that may, and whether they may with cookies",
    );
  }

  /** With cookies only where CORS says so: a form or a request without CORS carries them, wanted or not. */
  private letsIn(origin: string, request: Headers): boolean {
    if (this.isAllowed?.(origin) !== true) return false;
    return this.credentials || request.header("cookie") === undefined;
  }
}
