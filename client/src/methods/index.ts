// What generated code calls: functions that create methods, and their types.
export { type Bound, type Service, service } from "./service.js";
export {
  bidiStream,
  clientStream,
  type ServerStreamOptions,
  type StreamMethodOptions,
  serverStream,
} from "./streams.js";
export type {
  AnyMethod,
  BidiStream,
  ClientStream,
  Command,
  DescribedMethod,
  ErrorsOf,
  Messages,
  PagedQuery,
  Query,
  RequestOf,
  ResponseOf,
  ServerStream,
} from "./types.js";
export { command, pagedQuery, query } from "./unary.js";
