// Following the log: `subscribe`, the tail that many followers share, and the signal of an append in this process.
export { AppendSignal } from "./append-signal.js";
export { EventTail, type TailListener } from "./event-tail.js";
export type { FollowedStreams } from "./past-events.js";
export type { RecentEvents } from "./recent-events.js";
export { presentPosition, readResumePosition, resumePositionOf } from "./resume-position.js";
export { type SubscribeOptions, type SubscriptionRetry, subscribe, unavailableBackoff } from "./subscribe.js";
