import { HttpError } from "../errors/index.js";
import type { HttpRequest } from "../http.js";
import { createOriginPredicate, isOwnOrigin } from "../origins.js";
import type { CorsOptions } from "./cors.js";

/**
 * CSRF protection: only pages of the same origin, and those that CORS allows, may act for their user. Requests that no browser
 * sends are always allowed, because only a browser sends a forged request.
 */
export class CsrfCheck {
  private readonly isAllowed: ((origin: string) => boolean) | undefined;
  private readonly credentials: boolean;

  constructor(cors?: CorsOptions) {
    this.isAllowed = cors && createOriginPredicate("http.cors.origins", cors.origins);
    this.credentials = cors?.credentials ?? false;
  }

  /** Whether a request may act, by `sec-fetch-site`, or else by `origin`. */
  allows(request: Pick<HttpRequest, "header">): boolean {
    const site = request.header("sec-fetch-site");
    // No page can change this header. "none": the user entered the address.
    if (site === "same-origin" || site === "none") return true;
    const origin = request.header("origin");
    if (origin === undefined) return site === undefined;
    if (site === undefined && isOwnOrigin(origin, request)) return true;
    return this.allowsOrigin(origin, request);
  }

  /** Throws an HttpError 403 for a request that may not act. */
  check(request: Pick<HttpRequest, "header">): void {
    if (this.allows(request)) return;
    throw new HttpError(
      403,
      "permission_denied",
      "pages of other sites may change nothing: list their origins in http.cors, with credentials if they send cookies",
    );
  }

  /** Cookies need `credentials`: forms and requests without CORS send them automatically. */
  private allowsOrigin(origin: string, request: Pick<HttpRequest, "header">): boolean {
    if (this.isAllowed?.(origin) !== true) return false;
    return this.credentials || request.header("cookie") === undefined;
  }
}
