// HTTP without a server: the neutral request and response, problems, and the port of transports. No routes, no `node:`.

export { answerProblem } from "./answer-problem.js";
export type { BodyFormat } from "./body-format.js";
export { readCommandId, readExpectedVersion, readRequestTimeout } from "./call-headers.js";
export { type CallerOptions, type CallerRequest, createIdentify, type FindCaller } from "./caller.js";
export { type ContentCoding, isRawDeflate, notEncoded, readContentCoding } from "./content-coding.js";
export { correlationIdOf, readCorrelationId } from "./correlation-id.js";
export type { CorsOptions } from "./cors.js";
export { fetchHandler } from "./fetch.js";
export { type FieldStep, readFieldPath, toJsonPointer } from "./field-path.js";
export { firstOf } from "./first-of.js";
export { createGate, type Gate, type HttpOptions } from "./gate.js";
export type { HttpApp, HttpHandler, HttpRequest, HttpResponse, HttpRoutes } from "./http.js";
export { HttpError, type HttpErrorOptions, notUtf8, tooLarge } from "./http-error.js";
export { readJsonText } from "./json-text.js";
export { createOriginPredicate, type Origins } from "./origins.js";
export {
  type FieldLocation,
  type Problem,
  type ProblemContext,
  type ProblemViolation,
  problemResponse,
  toProblem,
} from "./problem.js";
export { SiteCheck } from "./site-check.js";
export { toPhrase, toStatus } from "./status.js";
export type { BoundMethod, Transport, TransportHost } from "./transport.js";
export type { WebSocketAcceptance, WebSocketListener, WebSocketPort } from "./web-socket.js";
