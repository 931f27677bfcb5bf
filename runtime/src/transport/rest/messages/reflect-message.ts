import { type DescField, fromBinary, isMessage, type Message } from "@bufbuild/protobuf";
import type { AnyCodec } from "../../../message/index.js";

/** Returns a message of any library as one of protobuf-es, which can be read by its descriptor. */
export function reflectMessage(codec: AnyCodec, message: unknown): Message {
  return isMessage(message, codec.schema) ? message : fromBinary(codec.schema, codec.encode(message));
}

/** Returns the value of a field; undefined for an unset message and for a member of a oneof that is not set. */
export function valueIn(message: Message, { oneof, localName }: DescField): unknown {
  const values = message as unknown as Readonly<Record<string, unknown>>;
  if (oneof === undefined) return values[localName];
  const held = values[oneof.localName] as { readonly case?: string; readonly value?: unknown };
  return held.case === localName ? held.value : undefined;
}

/** Returns the message in a field, or undefined if it is not set. */
export function messageIn(message: Message, field: DescField): Message | undefined {
  return valueIn(message, field) as Message | undefined;
}
