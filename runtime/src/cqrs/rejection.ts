import type { Code } from "../errors/index.js";
import type { MessageCodec, MessageTypes } from "../message/index.js";

/** A declared error: its code and its message. */
export interface ErrorDefinition<M extends MessageTypes = MessageTypes> {
  /** The code with which calls fail. */
  readonly code: Code;
  /** The codec of the message that holds the details. */
  readonly codec: MessageCodec<M>;
}

/** Declared errors, by local name. */
export interface ErrorDefinitions {
  /** The error with this local name. */
  readonly [name: string]: ErrorDefinition;
}

/** The return value of a handler that rejects its command with one of the errors declared in `fails_with`. */
export interface Rejection<Name = string, Details = unknown> {
  /** Distinguishes rejections from events and responses. */
  readonly kind: "rejection";
  /** The local name of the declared error. */
  readonly name: Name;
  /** The message that holds the details. */
  readonly details: Details;
  /** The code of the error and the codec of its details. */
  readonly definition: ErrorDefinition;
}

/** One function for each declared error, which creates the rejection. */
export type Rejections<Errors> = {
  readonly [K in keyof Errors]: Errors[K] extends MessageTypes
    ? (details?: Errors[K]["init"]) => Rejection<K, Errors[K]["message"]>
    : never;
};
