// Server-sent events and streamed bodies, for every transport. Knows no transport's events.
export {
  type EventsOptions,
  type EventsSettings,
  eventStreamHeaders,
  eventStreamType,
  heartbeatComment,
  readEventsOptions,
  type ServerSentEvent,
  writeEvent,
} from "./events.js";
export { releaseIterator, StreamBody, type StreamBodySource } from "./stream-body.js";
