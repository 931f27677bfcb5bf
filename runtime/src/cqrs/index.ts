// Calls: methods as data, handlers in typed slots, the buses and their middleware. No transport.
export type { CallContext, CallOptions, Clock } from "./context.js";
export type { AnyMethod, HttpBinding, Method, MethodKind, PathSegment, PathVariable, StreamKind } from "./method.js";
export type { ErrorDefinition, Rejection, Rejections } from "./rejection.js";
export type {
  AnyService,
  CommandContext,
  CommandHandlers,
  HandlerInput,
  HandlersPart,
  QueryContext,
  QueryHandlers,
  Service,
  ServiceDefinition,
  ServiceTypes,
} from "./service.js";
export type { Bound, Filter, Page, PageRequest, ReadModelDefinition, ReadModelTypes, RowQuery, View } from "./view.js";
