// The relay, which sends the messages of an outbox. It knows stores by their ports only, and receivers by `Publish` only.
export type { Delivery, OutboxOptions, Publish } from "./options.js";
export { type OutboxEngine, outbox } from "./outbox.js";
export type { Relay } from "./relay.js";
export type { BlockedStream, OutboxStatus } from "./status.js";
