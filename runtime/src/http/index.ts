// HTTP without a server: the neutral request and response, what all transports share, and the port of transports. No routes,
// no `node:`.
export { answerProblem } from "./answer-problem.js";
export {
  appendChunk,
  type BodyFormat,
  type ContentCoding,
  isRawDeflate,
  notEncoded,
  readContentCoding,
  readJsonText,
} from "./body/index.js";
export { type CallerOptions, type CallerRequest, createIdentify, type FindCaller } from "./caller.js";
export {
  type FieldLocation,
  type FieldStep,
  HttpError,
  type HttpErrorOptions,
  notUtf8,
  type Problem,
  type ProblemContext,
  type ProblemViolation,
  problemResponse,
  readFieldPath,
  toGrpcNumber,
  toJsonPointer,
  tooLarge,
  toPhrase,
  toProblem,
  toPublicMessage,
  toStatus,
} from "./errors/index.js";
export { fetchHandler } from "./fetch.js";
export {
  type CorsHeaders,
  type CorsOptions,
  CsrfCheck,
  createGate,
  firstOf,
  type Gate,
  type HttpOptions,
} from "./gate/index.js";
export {
  addMetadata,
  type CallKind,
  cacheControlOf,
  chooseType,
  correlationIdOf,
  hasEntityTag,
  isJsonType,
  isUnchanged,
  isUtf8Type,
  RequestCall,
  readCommandId,
  readCorrelationId,
  readExpectedVersion,
  readRequestTimeout,
  readWait,
  toBodyTag,
  toFields,
  toMediaType,
  toVersionTag,
  varyOf,
} from "./headers/index.js";
export type {
  HttpApp,
  HttpFields,
  HttpHandler,
  HttpRequest,
  HttpResponse,
  HttpRoutes,
  ServerCapabilities,
} from "./http.js";
export { identifySocket, type SocketIdentification } from "./identify-socket.js";
export { type IdentifiedCaller, identifyWithin } from "./identify-within.js";
export { invokeWithin } from "./invoke-within.js";
export { createOriginPredicate, type Origins } from "./origins.js";
export { createReadiness } from "./readiness.js";
export {
  type EventsOptions,
  type EventsSettings,
  eventStreamHeaders,
  eventStreamType,
  heartbeatComment,
  readEventsOptions,
  releaseIterator,
  type ServerSentEvent,
  StreamBody,
  type StreamBodySource,
  writeEvent,
} from "./server-sent-events/index.js";
export {
  alreadyExists,
  attachStandardSocket,
  type CloseReason,
  closeReasonOf,
  closeReasons,
  createHandshake,
  type HandshakeOptions,
  invalidMessage,
  isHandshake,
  LiveSocket,
  type LiveSocketOptions,
  readSocketOptions,
  type SendQueue,
  type SocketOptions,
  SocketRequest,
  type SocketSettings,
  type StandardWebSocket,
} from "./sockets/index.js";
export type { BoundMethod, Transport, TransportHost } from "./transport.js";
export { upgradingFetchHandler } from "./upgrading-fetch.js";
export type { SharedMessage, WebSocketAcceptance, WebSocketListener, WebSocketPort } from "./web-socket.js";
