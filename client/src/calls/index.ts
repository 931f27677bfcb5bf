// What a method returns: calls with one response, lists, streams.
export { Call, type Result } from "./call.js";
export { CommandCall } from "./command-call.js";
export type { CallOptions, CommandOptions, ExpectedVersion, StreamOptions, StreamState } from "./options.js";
export { PagedCall } from "./paged-call.js";
export type { Caller } from "./prepare.js";
export { resuming } from "./resuming.js";
export { type Item, StreamCall } from "./stream-call.js";
export type {
  Awaited,
  AwaitedEvent,
  Pending,
  Reached,
  ServerCondition,
  ViewCondition,
  ViewMethod,
  WaitResult,
  WithinOptions,
} from "./until.js";
export { resumeWait, type WaitOptions } from "./wait.js";
