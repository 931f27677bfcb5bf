import {
  type DescMessage,
  type Message,
  type MessageInitShape,
  type MessageShape,
  type Registry,
  toJson,
} from "@bufbuild/protobuf";
import { readJsonRegistry } from "./any.js";
import type { MessageCodec } from "./codec.js";
import {
  type Create,
  compileCreate,
  compileDecode,
  compileEncode,
  type Decode,
  type Encode,
} from "./compiled/index.js";
import { readJson } from "./json.js";
import { compileReader, compileWriter, fallback, type Reader, type Writer } from "./proto-json/index.js";

/**
 * The TypeScript types of a message of protobuf-es. `Schema` has no constraint: to check one, the compiler would compare
 * all fields of each message that a contract mentions, used or not.
 */
export interface Es<Schema> {
  /** The message, as `create` of protobuf-es returns it. */
  readonly message: Schema extends DescMessage ? MessageShape<Schema> : never;
  /** The value that `create` of protobuf-es takes. */
  readonly init: Schema extends DescMessage ? MessageInitShape<Schema> : never;
}

const codecs = new WeakMap<DescMessage, unknown>();

/**
 * Returns the codec of a message of protobuf-es. The same schema always has the same codec. `Schema` is constrained by
 * what distinguishes messages from other descriptors, which costs the compiler less than `DescMessage` (see {@link Es}).
 */
export function es<Schema extends { readonly kind: "message" }>(schema: Schema): MessageCodec<Es<Schema>>;
export function es(schema: DescMessage): MessageCodec<Es<DescMessage>> {
  let codec = codecs.get(schema) as MessageCodec<Es<DescMessage>> | undefined;
  if (codec === undefined) {
    codec = createCodec(schema);
    codecs.set(schema, codec);
  }
  return codec;
}

/** Prepared on first use, since generated files create all their codecs while they load. */
interface Json {
  readonly options: { readonly registry: Registry } | undefined;
  readonly reader: Reader | undefined;
  readonly writer: Writer | undefined;
}

function createCodec(schema: DescMessage): MessageCodec<Es<DescMessage>> {
  const { typeName } = schema;
  let create: Create | undefined;
  let decode: Decode | undefined;
  let encode: Encode | undefined;
  let found: Json | undefined;
  const json = (): Json => {
    found ??= { options: readJsonRegistry(schema), reader: compileReader(schema), writer: compileWriter(schema) };
    return found;
  };
  return {
    typeName,
    schema,
    create(init) {
      // Also a part of the compiled function, which is too long to be inlined where messages are passed on.
      if (init !== undefined && (init as Partial<Message> | null)?.$typeName === typeName) return init as Message;
      create ??= compileCreate(schema);
      return create(init) as Message;
    },
    encode(message) {
      encode ??= compileEncode(schema);
      return encode(message);
    },
    decode(bytes) {
      decode ??= compileDecode(schema);
      return decode(bytes) as Message;
    },
    toJson: (message) => toJson(schema, message, json().options),
    toJsonText(message) {
      const { writer, options } = json();
      const text = writer === undefined ? fallback : writer.write(message);
      return text === fallback ? JSON.stringify(toJson(schema, message, options)) : text;
    },
    fromJson(value) {
      const { reader, options } = json();
      const message = reader === undefined ? fallback : reader.read(value, 1);
      return message === fallback ? readJson(schema, value, options) : (message as Message);
    },
  };
}
