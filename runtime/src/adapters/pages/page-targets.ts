import { answerProblem, HttpError, type HttpRequest, type HttpResponse } from "../../http/index.js";

/** What a path leads to, by GET and HEAD. */
export type PageTarget = (request: HttpRequest) => HttpResponse | Promise<HttpResponse>;

const allow = "GET, HEAD, OPTIONS";

/** Paths of a page and its files. A request can name nothing beyond this table. */
export class PageTargets {
  private readonly targets: Map<string, PageTarget> = new Map();

  set(path: string, target: PageTarget): void {
    this.targets.set(path, target);
  }

  /** undefined: the path is none of these. */
  answer(request: HttpRequest): HttpResponse | Promise<HttpResponse> | undefined {
    const target = this.targets.get(request.path);
    if (target === undefined) return undefined;
    if (request.method === "GET" || request.method === "HEAD") return target(request);
    if (request.method === "OPTIONS") return { status: 204, headers: { allow } };
    const error = new HttpError(405, "unimplemented", `this path answers ${allow}`, { headers: { allow } });
    return answerProblem(request, error);
  }
}

/** From `/docs` to `/docs/`. Relative, so that it is right behind a proxy that serves the app under a path of its own. */
export function redirectToFolder(path: string): PageTarget {
  const location = `${path.slice(path.lastIndexOf("/") + 1)}/`;
  return () => ({ status: 308, headers: { location, "cache-control": "no-cache" } });
}
