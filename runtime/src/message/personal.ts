import type { DescField, DescMessage, JsonValue } from "@bufbuild/protobuf";
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";

/** Number of the extension potter.v1.field, and of `personal` in its message. */
const fieldExtension = 50708;
const personalField = 3;

const answers = new WeakMap<DescField, boolean>();

/** ProtoJSON of a message without the fields that the contract marks as personal, at any depth. */
export function withoutPersonal(schema: DescMessage, json: JsonValue): JsonValue {
  if (typeof json !== "object" || json === null || Array.isArray(json)) return json;
  const kept: { [name: string]: JsonValue } = {};
  for (const [name, value] of Object.entries(json)) {
    const field = schema.fields.find((candidate) => candidate.jsonName === name);
    // What is no field of the message belongs to a well-known type with a form of its own.
    if (field === undefined) kept[name] = value;
    else if (!isPersonal(field)) kept[name] = withoutPersonalField(field, value);
  }
  return kept;
}

function withoutPersonalField({ fieldKind, message }: DescField, value: JsonValue): JsonValue {
  if (message === undefined) return value;
  if (fieldKind === "list" && Array.isArray(value)) return value.map((item) => withoutPersonal(message, item));
  if (fieldKind === "map" && typeof value === "object" && value !== null && !Array.isArray(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutPersonal(message, item)]));
  }
  return withoutPersonal(message, value);
}

/** Read off the option's bytes: the runtime has no generated code of the annotations. */
function isPersonal(field: DescField): boolean {
  let answer = answers.get(field);
  if (answer === undefined) {
    const options = field.proto.options?.$unknown?.filter(({ no }) => no === fieldExtension) ?? [];
    answer = options.some(({ data }) => saysPersonal(new BinaryReader(data).bytes()));
    answers.set(field, answer);
  }
  return answer;
}

function saysPersonal(bytes: Uint8Array): boolean {
  const reader = new BinaryReader(bytes);
  let personal = false;
  while (reader.pos < reader.len) {
    const [number, type] = reader.tag();
    if (number === personalField && type === WireType.Varint) personal = reader.bool();
    else reader.skip(type, number);
  }
  return personal;
}
