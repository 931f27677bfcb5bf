// How everything in the simulation is encoded.
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { StringValueSchema } from "@bufbuild/protobuf/wkt";

const toText = (value) => create(StringValueSchema, { value });

/** JSON in a text of protobuf. */
export const codec = {
  typeName: "google.protobuf.StringValue",
  schema: StringValueSchema,
  create: (message) => message,
  encode: (message) => toBinary(StringValueSchema, toText(JSON.stringify(message))),
  decode: (bytes) => (bytes.length === 0 ? {} : JSON.parse(fromBinary(StringValueSchema, bytes).value)),
  toJson: (message) => message,
  toJsonText: (message) => JSON.stringify(message),
  fromJson: (message) => message,
};

const methods = new Map();

/** The unary command of a service. */
export function methodOf(service, name) {
  const key = `${service} ${name}`;
  if (!methods.has(key)) {
    const shape = { kind: "command", stream: "unary", request: codec, response: codec, http: [], errors: {} };
    methods.set(key, { service, name, ...shape });
  }
  return methods.get(key);
}
