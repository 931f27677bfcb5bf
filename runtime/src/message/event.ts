import type { MessageCodec, MessageTypes } from "./codec.js";

/** A kind of event: how it is stored, and its message. Type and version together are unique. */
export interface EventDefinition<M extends MessageTypes = MessageTypes> {
  readonly type: string;
  readonly version: number;
  readonly codec: MessageCodec<M>;
}
