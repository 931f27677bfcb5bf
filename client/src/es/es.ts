import {
  create,
  createRegistry,
  type DescMessage,
  fromBinary,
  fromJson,
  type JsonValue,
  type MessageInitShape,
  type MessageShape,
  type Registry,
  toBinary,
  toJson,
} from "@bufbuild/protobuf";
import type { Codec } from "../contract/index.js";

/** The codec of a message of protobuf-es. Requests may be messages, or the values that `create` takes. */
export function es<Desc extends DescMessage>(schema: Desc): Codec<MessageShape<Desc>, MessageInitShape<Desc>> {
  let registry: Registry | undefined;
  // What an Any may hold: the messages of the file and of its imports.
  const types = (): Registry => {
    registry ??= createRegistry(schema.file, ...schema.file.dependencies);
    return registry;
  };
  return {
    typeName: schema.typeName,
    encode: (message) => toBinary(schema, create(schema, message)),
    decode: (bytes) => fromBinary(schema, bytes),
    toJson: (message) => toJson(schema, create(schema, message), { registry: types() }),
    fromJson: (json) => fromJson(schema, json as JsonValue, { ignoreUnknownFields: true, registry: types() }),
  };
}
