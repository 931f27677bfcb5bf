import {
  create,
  type DescMessage,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  type Registry,
  toBinary,
  toJson,
} from "@bufbuild/protobuf";
import { readJsonRegistry } from "./any.js";
import type { MessageCodec } from "./codec.js";
import { readJson } from "./json.js";

/** The types of a message of protobuf-es. */
export interface Es<Schema extends DescMessage> {
  readonly message: MessageShape<Schema>;
  readonly init: MessageInitShape<Schema>;
}

const codecs = new WeakMap<DescMessage, unknown>();

/** The codec of a message of protobuf-es. The same schema gives the same codec. */
export function es<Schema extends DescMessage>(schema: Schema): MessageCodec<Es<Schema>> {
  let codec = codecs.get(schema) as MessageCodec<Es<Schema>> | undefined;
  if (codec === undefined) {
    codec = createCodec(schema);
    codecs.set(schema, codec);
  }
  return codec;
}

function createCodec<Schema extends DescMessage>(schema: Schema): MessageCodec<Es<Schema>> {
  let options: { readonly value: { registry: Registry } | undefined } | undefined;
  // Found out at first use: generated files make all their codecs while they load.
  const jsonOptions = () => {
    options ??= { value: readJsonRegistry(schema) };
    return options.value;
  };
  return {
    typeName: schema.typeName,
    schema,
    create: (init) => create(schema, init as MessageInitShape<Schema>),
    encode: (message) => toBinary(schema, message),
    decode: (bytes) => fromBinary(schema, bytes),
    toJson: (message) => toJson(schema, message, jsonOptions()),
    fromJson: (json) => readJson(schema, json, jsonOptions()),
  };
}
