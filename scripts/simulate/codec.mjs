// How everything in the simulation is encoded.
import { StringValueSchema } from "@bufbuild/protobuf/wkt";

/** The tag of the only field of `google.protobuf.StringValue`. */
const tag = 0x0a;

/** A text as `google.protobuf.StringValue`. By hand, since a library that interprets descriptors takes far longer. */
function encodeText(text = "") {
  if (text === "") return new Uint8Array();
  const size = Buffer.byteLength(text);
  let start = 2;
  for (let rest = size >>> 7; rest > 0; rest >>>= 7) start++;
  const bytes = Buffer.allocUnsafe(start + size);
  bytes[0] = tag;
  let rest = size;
  for (let at = 1; at < start; at++, rest >>>= 7) bytes[at] = at + 1 < start ? (rest & 0x7f) | 0x80 : rest;
  bytes.utf8Write(text, start);
  return bytes;
}

function decodeText(bytes) {
  if (bytes[0] !== tag) throw new Error("the bytes are no google.protobuf.StringValue");
  let start = 1;
  while (bytes[start] > 0x7f) start++;
  return Buffer.prototype.utf8Slice.call(bytes, start + 1, bytes.length);
}

/** JSON in a text of protobuf. */
export const codec = {
  typeName: "google.protobuf.StringValue",
  schema: StringValueSchema,
  create: (message) => message,
  encode: (message) => encodeText(JSON.stringify(message)),
  decode: (bytes) => (bytes.length === 0 ? {} : JSON.parse(decodeText(bytes))),
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
