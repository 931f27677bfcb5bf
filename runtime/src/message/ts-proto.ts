import { type DescMessage, fromBinary, toBinary } from "@bufbuild/protobuf";
import type { MessageCodec } from "./codec.js";
import { es } from "./es.js";
import { checkTsProtoOptions } from "./ts-proto-options.js";

/** The TypeScript types of a message of ts-proto. */
export interface TsProto<T> {
  /** The message, an object of ts-proto's interface. */
  readonly message: T;
  /** The value that `fromPartial` takes, as far as it is typed. */
  readonly init: Partial<T>;
}

/** The functions that ts-proto generates for each message, as far as the runtime uses them. */
export interface TsProtoFunctions<T> {
  /** Writes the binary wire format into a writer, whose `finish` returns the bytes. */
  encode(message: T): { finish(): Uint8Array };
  /** Reads the binary wire format. */
  decode(bytes: Uint8Array): T;
  /** Creates a message from some of its fields. */
  fromPartial(init: Partial<T>): T;
}

/**
 * Returns the codec of a message of ts-proto. ProtoJSON is converted through protobuf-es and the binary format, since
 * ts-proto's own reader does not validate its input.
 */
export function tsProto<T>(functions: TsProtoFunctions<T>, schema: DescMessage): MessageCodec<TsProto<T>> {
  checkTsProtoOptions(schema, (bytes) => functions.decode(bytes));
  const reflected = es(schema);
  const encode = (message: T) => functions.encode(message).finish();
  // ts-proto reads an inherited member of every object as the value of a field with the same name.
  const inherits = schema.fields.some(({ name }) => name in Object.prototype);
  return {
    typeName: schema.typeName,
    schema,
    create: (init) => functions.fromPartial(inherits ? Object.assign(Object.create(null), init) : (init ?? {})),
    encode,
    decode: (bytes) => functions.decode(bytes),
    toJson: (message) => reflected.toJson(fromBinary(schema, encode(message))),
    toJsonText: (message) => reflected.toJsonText(fromBinary(schema, encode(message))),
    fromJson: (json) => functions.decode(toBinary(schema, reflected.fromJson(json))),
  };
}
