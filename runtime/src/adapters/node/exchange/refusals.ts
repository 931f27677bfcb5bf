import { answerProblem, HttpError, type HttpHandler } from "../../../http/index.js";

/** Errors of the server itself, which replace the response of the app. */
export const refusals = {
  noWebSockets: (): HttpError =>
    new HttpError(
      501,
      "unimplemented",
      'this server does not support WebSockets: set the option "webSockets" of serve',
    ),
  noWebSocketsOverHttp2: (): HttpError =>
    new HttpError(501, "unimplemented", "this server supports WebSockets over HTTP/1.1 only"),
  stopping: (): HttpError =>
    new HttpError(503, "unavailable", "the server is stopping", { headers: { "retry-after": "1" } }),
  tooSlow: (): HttpError => new HttpError(408, "invalid_argument", "the request took too long to arrive"),
  tooManyStreams: (limit: number): HttpError => {
    const message = `the server has reached its limit of ${limit} streams: try again later`;
    return new HttpError(503, "unavailable", message, { headers: { "retry-after": "1" } });
  },
};

/** Answers a request with an unknown `expect` (RFC 9110, section 10.1.1). */
export const refuseExpectation: HttpHandler = (request) => {
  const error = new HttpError(417, "invalid_argument", "Expect must be 100-continue, or left out");
  return answerProblem(request, error);
};
