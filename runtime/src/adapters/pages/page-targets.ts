import { answerProblem, HttpError, type HttpRequest, type HttpResponse } from "../../http/index.js";

/** Answers GET and HEAD requests to a path. */
export type PageTarget = (request: HttpRequest) => HttpResponse | Promise<HttpResponse>;

const allow = "GET, HEAD, OPTIONS";

/** The paths of a page and its files. A request can reach nothing outside this table. */
export class PageTargets {
  private readonly targets: Map<string, PageTarget> = new Map();

  set(path: string, target: PageTarget): void {
    this.targets.set(path, target);
  }

  /** Returns undefined for an unknown path. */
  answer(request: HttpRequest): HttpResponse | Promise<HttpResponse> | undefined {
    const target = this.targets.get(request.path);
    if (target === undefined) return undefined;
    if (request.method === "GET" || request.method === "HEAD") return target(request);
    if (request.method === "OPTIONS") return { status: 204, headers: { allow } };
    const error = new HttpError(405, "unimplemented", `this path accepts ${allow}`, { headers: { allow } });
    return answerProblem(request, error);
  }
}

/** Redirects from `/docs` to `/docs/`. The location is relative, so that it works behind a proxy with a path prefix. */
export function redirectToFolder(path: string): PageTarget {
  const location = `${path.slice(path.lastIndexOf("/") + 1)}/`;
  return () => ({ status: 308, headers: { location, "cache-control": "no-cache" } });
}
