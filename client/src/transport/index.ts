// The port of transports, interceptors, which have the same shape, and the errors that transports create.
export type { ResponseHeaders } from "../errors/index.js";
export { abortable } from "./abortable.js";
export { createFailure, toAbortError, toNetworkError } from "./failure.js";
export { toFetchHeaders } from "./fetch-headers.js";
export { toFieldPath } from "./field-path.js";
export { type Body, parseAny, readAll, readBody } from "./read-body.js";
export { route } from "./route.js";
export type {
  Answer,
  Interceptor,
  Next,
  OutgoingCall,
  RequestHeaders,
  StreamItem,
  TokenSource,
  Transport,
} from "./transport.js";
