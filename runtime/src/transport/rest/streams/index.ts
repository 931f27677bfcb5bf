// Responses that are streams: server-sent events and raw bytes. Framing and heartbeats are in http/event-stream.
export { type StreamOptions, StreamWriter } from "./stream-writer.js";
