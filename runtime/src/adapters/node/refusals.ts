import { answerProblem, HttpError, type HttpHandler } from "../../http/index.js";

/** What the server itself refuses, before or in place of the app's answer. */
export const refusals = {
  noWebSockets: (): HttpError =>
    new HttpError(501, "unimplemented", 'this server takes no WebSockets: give serve the option "webSockets"'),
  stops: (): HttpError => new HttpError(503, "unavailable", "the server stops", { headers: { "retry-after": "1" } }),
  tooManyStreams: (most: number): HttpError => {
    const message = `the server sends ${most} streams already: try again later`;
    return new HttpError(503, "unavailable", message, { headers: { "retry-after": "1" } });
  },
};

/** Answers a request whose `expect` is none that HTTP knows (RFC 9110, section 10.1.1). */
export const refuseExpectation: HttpHandler = (request) => {
  const error = new HttpError(417, "invalid_argument", "Expect must be 100-continue, or left out");
  return answerProblem(request, error);
};
