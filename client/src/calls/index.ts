// What a method returns: calls with one response, lists, streams.
export { Call, type Result } from "./call.js";
export { CommandCall } from "./command-call.js";
export type {
  BidiStreamOptions,
  CallOptions,
  CommandOptions,
  ExpectedVersion,
  StreamChange,
  StreamOptions,
  StreamState,
} from "./options.js";
export { PagedCall } from "./paged-call.js";
export type { Caller } from "./prepare.js";
export { once, resuming } from "./resuming.js";
export { type Item, type ReportState, StreamCall } from "./stream-call.js";
export type {
  AwaitedEvent,
  CommandOutcome,
  EventOf,
  Pending,
  Reached,
  Seen,
  ServerCondition,
  Unseen,
  ViewCondition,
  ViewMethod,
  ViewOutcome,
  WaitResult,
  WithinOptions,
} from "./until.js";
export { resumeWait, type WaitOptions } from "./wait.js";
