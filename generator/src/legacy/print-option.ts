import { type DescExtension, type DescField, type DescMessage, fromJson, type JsonValue } from "@bufbuild/protobuf";
import { isReflectList, isReflectMessage, type ReflectMessage, reflect } from "@bufbuild/protobuf/reflect";

/** Fields of an option: ProtoJSON by proto names. */
export type OptionFields = Readonly<Record<string, JsonValue>>;

/** Creates the message of an option. */
export function toOptionMessage(extension: DescExtension, fields: OptionFields): ReflectMessage {
  const schema = messageOf(extension);
  return reflect(schema, fromJson(schema, fields as JsonValue));
}

/** Prints an option with its value, as proto files contain it: `option (potter.v1.event) = {type: "placed"};`. */
export function printOption(extension: DescExtension, fields: OptionFields): string {
  return `option (${extension.typeName}) = {${printFields(extension, fields).join(" ")}};`;
}

/** Prints the fields of an option, each as `name: value`, in the order of their declaration. */
export function printFields(extension: DescExtension, fields: OptionFields): readonly string[] {
  return printMessage(toOptionMessage(extension, fields));
}

function messageOf({ message, typeName }: DescExtension): DescMessage {
  if (message === undefined) throw new Error(`${typeName} is no message`);
  return message;
}

/** Prints the fields of a message that are set, each as `name: value`. */
export function printMessage(message: ReflectMessage): readonly string[] {
  const set = message.fields.filter((field) => message.isSet(field));
  return set.map((field) => `${field.name}: ${printValue(field, message.get(field))}`);
}

function printValue(field: DescField, value: unknown): string {
  if (isReflectMessage(value)) return `{${printMessage(value).join(" ")}}`;
  if (isReflectList(value)) {
    const items = Array.from(value, (item) => printValue(field, item));
    return items.length === 1 ? (items[0] ?? "") : `[${items.join(", ")}]`;
  }
  if (field.enum !== undefined) return field.enum.value[value as number]?.name ?? String(value);
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}
