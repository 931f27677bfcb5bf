// What a method returns: calls with one response, lists, streams.
export { Call, type Result } from "./call.js";
export { CommandCall } from "./command-call.js";
export type { CallOptions, CommandOptions, ExpectedVersion, StreamOptions, StreamState } from "./options.js";
export { PagedCall } from "./paged-call.js";
export type { Caller } from "./prepare.js";
export { once, resuming } from "./resuming.js";
export { type Item, type ReportState, StreamCall } from "./stream-call.js";
export type {
  AwaitedEvent,
  CommandOutcome,
  Pending,
  Reached,
  ServerCondition,
  ViewCondition,
  ViewMethod,
  WaitResult,
  WithinOptions,
} from "./until.js";
export { resumeWait, type WaitOptions } from "./wait.js";
