import { answerProblem } from "./answer-problem.js";
import type { HttpHandler, HttpRoutes } from "./http.js";
import { HttpError } from "./http-error.js";

/** Asks each in turn whose request it is; what is nobody's is answered with 404. */
export function firstOf(routes: readonly HttpRoutes[]): HttpHandler {
  return (request) => {
    for (const route of routes) {
      const response = route(request);
      if (response !== undefined) return response;
    }
    const error = new HttpError(404, "not_found", "there is nothing at this path");
    return answerProblem(request, error);
  };
}
