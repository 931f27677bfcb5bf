import { problemResponse } from "./errors/index.js";
import { correlationIdOf } from "./headers/index.js";
import type { HttpRequest, HttpResponse } from "./http.js";

/** Answers a request with a problem that has the path and the correlation id of the request. */
export function answerProblem(request: Pick<HttpRequest, "path" | "header">, error: unknown): HttpResponse {
  return problemResponse(error, { instance: request.path, correlationId: correlationIdOf(request) });
}
