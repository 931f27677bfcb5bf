import type { MessageCodec, MessageTypes } from "./codec.js";

/** A version of an event type: the names under which it is stored, and its message. Type and version together are unique. */
export interface EventDefinition<M extends MessageTypes = MessageTypes> {
  readonly type: string;
  readonly version: number;
  readonly codec: MessageCodec<M>;
}
