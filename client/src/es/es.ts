import {
  create,
  type DescMessage,
  fromBinary,
  fromJson,
  type JsonValue,
  type MessageInitShape,
  type MessageShape,
  toBinary,
  toJson,
} from "@bufbuild/protobuf";
import type { Codec } from "../contract/index.js";

/** The codec of a message of protobuf-es. Requests may be messages, or the values that `create` takes. */
export function es<Desc extends DescMessage>(schema: Desc): Codec<MessageShape<Desc>, MessageInitShape<Desc>> {
  return {
    typeName: schema.typeName,
    encode: (message) => toBinary(schema, create(schema, message)),
    decode: (bytes) => fromBinary(schema, bytes),
    toJson: (message) => toJson(schema, create(schema, message)),
    fromJson: (json) => fromJson(schema, json as JsonValue, { ignoreUnknownFields: true }),
  };
}
