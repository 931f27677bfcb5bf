import { type DescField, fromBinary, isMessage, type Message } from "@bufbuild/protobuf";
import type { AnyCodec } from "../../message/index.js";

/** A message as protobuf-es has it, whatever library it is of: to look into it by its descriptor. */
export function toReflected(codec: AnyCodec, message: unknown): Message {
  return isMessage(message, codec.schema) ? message : fromBinary(codec.schema, codec.encode(message));
}

/** The value of a field; undefined where it is a member of a oneof that is not set, or a message that is not. */
export function valueIn(message: Message, { oneof, localName }: DescField): unknown {
  const values = message as unknown as Readonly<Record<string, unknown>>;
  if (oneof === undefined) return values[localName];
  const held = values[oneof.localName] as { readonly case?: string; readonly value?: unknown };
  return held.case === localName ? held.value : undefined;
}

/** The message that a field holds, if it is set. */
export function messageIn(message: Message, field: DescField): Message | undefined {
  return valueIn(message, field) as Message | undefined;
}
