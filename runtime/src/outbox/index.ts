// Sends what transactions have left in an outbox. Knows stores by their ports only, and nothing of where messages go.
export type { Delivery, OutboxOptions, Publish } from "./options.js";
export { Relay } from "./relay.js";
export type { BlockedStream, OutboxStatus } from "./status.js";
