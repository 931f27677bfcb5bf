import type { DescField, Message } from "@bufbuild/protobuf";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import type { AnyMethod, HttpBinding } from "../../../cqrs/index.js";
import { messageIn, reflectMessage } from "./reflect-message.js";

/** Bytes and their content type: the message `google.api.HttpBody`. */
export interface HttpBody {
  readonly contentType: string;
  readonly data: Uint8Array;
}

/** Whether bodies of a message type are raw bytes. */
export function isHttpBody(typeName: string | undefined): boolean {
  return typeName === "google.api.HttpBody";
}

/** Writes a `google.api.HttpBody` in binary. */
export function writeHttpBody({ contentType, data }: HttpBody): Uint8Array {
  const writer = new BinaryWriter();
  if (contentType !== "") writer.tag(1, WireType.LengthDelimited).string(contentType);
  return writer.tag(2, WireType.LengthDelimited).bytes(data).finish();
}

/** Creates the reader of responses that are a `google.api.HttpBody` or send a field that is one; undefined for other responses. */
export function createHttpBodyReader(
  { response }: AnyMethod,
  { responseBody }: HttpBinding,
): ((message: unknown) => HttpBody) | undefined {
  if (responseBody === undefined) {
    return isHttpBody(response.typeName) ? (message) => toHttpBody(reflectMessage(response, message)) : undefined;
  }
  const field = response.schema.fields.find((one) => one.name === responseBody);
  return field?.fieldKind === "message" && isHttpBody(field.message.typeName)
    ? (message) => toHttpBody(messageIn(reflectMessage(response, message), field as DescField))
    : undefined;
}

const unknownType = "application/octet-stream";

function toHttpBody(message: Message | undefined): HttpBody {
  const { contentType = "", data = new Uint8Array(0) } = (message ?? {}) as Partial<HttpBody>;
  // The type is sent as a header.
  return { contentType: /^[\x21-\x7e][\x20-\x7e]*$/.test(contentType) ? contentType : unknownType, data };
}
