import type { MessageCodec, MessageTypes } from "./codec.js";

/** A kind of event: how it is stored, and its message. Type and version together are unique. */
// biome-ignore lint/suspicious/noExplicitAny: see AnyCodec
export interface EventDefinition<M extends MessageTypes = any> {
  readonly type: string;
  readonly version: number;
  readonly codec: MessageCodec<M>;
}
