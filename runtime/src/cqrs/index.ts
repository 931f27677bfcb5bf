// Calls: methods as data, typed handlers, the bus and its middleware. Knows no transport and no store.
export { type Bus, type BusOptions, createBus, isStream, noWaits } from "./bus.js";
export type { Call, CallResult, Handler, Next } from "./call.js";
export { DefaultCallContext, isAborted, systemClock, withContext } from "./call-context.js";
export { type CallIntent, type Carried, type FirstAttempt, intentOf, withIntent } from "./call-intent.js";
export type { Caller } from "./caller.js";
export { commandKeyOf } from "./command-key.js";
export type { CallContext, CallOptions, Clock } from "./context.js";
export { CreatedItems } from "./created-items.js";
export { followStream, runWithin, timeouts } from "./deadline.js";
export { type ExpectedVersion, isExpected } from "./expected-version.js";
export { isFault, logFault, markLogged } from "./fault-log.js";
export { ForwardedContext } from "./forwarded-context.js";
export { type Logger, silentLogger } from "./logger.js";
export { logging } from "./logging.js";
export { Metadata, type ReadonlyMetadata } from "./metadata.js";
export type {
  AnyMethod,
  HttpBinding,
  LoadRules,
  Method,
  MethodKind,
  PathSegment,
  PathVariable,
  RequestOf,
  ResponseOf,
  StreamKind,
  StreamKindOf,
} from "./method.js";
export { type CheckRequest, compose, forMethod, type Interceptor, type Middleware } from "./middleware.js";
export { createRejections, isRejection, toError } from "./reject.js";
export type { ErrorDefinition, ErrorDefinitions, Rejection, Rejections } from "./rejection.js";
export type { Running } from "./running.js";
export { RunningCalls } from "./running-calls.js";
export { RunningStream } from "./running-stream.js";
export type {
  AnyService,
  CommandContext,
  CommandHandlers,
  HandlerInput,
  HandlerResult,
  HandlersPart,
  QueryContext,
  QueryHandlers,
  Service,
  ServiceDefinition,
  ServiceTypes,
} from "./service.js";
export { streamItemIdOf, withItemIdOf, withStreamItemId } from "./stream-item-id.js";
export { tenancy, tenantOf } from "./tenancy.js";
export { isTentative, type Tentative, tentative } from "./tentative-call.js";
export type {
  Bound,
  Filter,
  NotPage,
  Page,
  PageRequest,
  ReadModelDeclaration,
  ReadModelDefinition,
  ReadModelTypes,
  RowQuery,
  View,
} from "./view.js";
export { waitOf } from "./wait-of.js";
export {
  type BegunWait,
  type CallLimit,
  type CarriedWait,
  type WaitOutcome,
  type WaitRequest,
  type WaitTargets,
  waitsPath,
} from "./wait-request.js";
