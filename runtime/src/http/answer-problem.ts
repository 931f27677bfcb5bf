import { correlationIdOf } from "./correlation-id.js";
import type { HttpRequest, HttpResponse } from "./http.js";
import { problemResponse } from "./problem.js";

/** Answers a request with a problem, which has the request's path and correlation id in headers and body. */
export function answerProblem(request: Pick<HttpRequest, "path" | "header">, error: unknown): HttpResponse {
  return problemResponse(error, { instance: request.path, correlationId: correlationIdOf(request) });
}
