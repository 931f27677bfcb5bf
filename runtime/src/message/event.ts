import type { MessageCodec, MessageTypes } from "./codec.js";
import type { Engine } from "./engine.js";

/** A version of an event type: the names under which it is stored, and its message. Type and version together are unique. */
export interface EventDefinition<M extends MessageTypes = MessageTypes> {
  /** Stored type of the event: the full name of its message, unless the contract sets another. */
  readonly type: string;
  /** Version of the event's schema, from 1. */
  readonly version: number;
  /** Codec of the event's message. */
  readonly codec: MessageCodec<M>;
  /** Encrypts its personal fields. Absent: its message has none. */
  readonly personal?: Engine<"personal data">;
}
