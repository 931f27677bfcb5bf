import type { AnyDesc, DescField } from "@bufbuild/protobuf";
import {
  isReflectList,
  isReflectMap,
  isReflectMessage,
  type ReflectMessage,
  reflect,
} from "@bufbuild/protobuf/reflect";
import { type ExternalOption, readExternalOption } from "./external-option.js";

/**
 * Reads an option of another project as plain data: the fields that are set, by JSON name, with enums as names and
 * numbers as numbers. `T` declares the fields that are read; each may be absent. Unlike ProtoJSON, it accepts any
 * value, so that unread fields cause no error.
 */
export function readForeignValue<T extends object>(desc: AnyDesc, option: ExternalOption): T | undefined {
  const found = readExternalOption(desc, option);
  return found && (toPlain(reflect(found.schema, found.value)) as T);
}

function toPlain(message: ReflectMessage): object {
  const set = message.fields.filter((field) => message.isSet(field));
  return Object.fromEntries(set.map((field) => [field.jsonName, toPlainValue(field, message.get(field))]));
}

function toPlainValue(field: DescField, value: unknown): unknown {
  if (isReflectMessage(value)) return toPlain(value);
  if (isReflectList(value)) return Array.from(value, (item) => toPlainValue(field, item));
  if (isReflectMap(value))
    return Object.fromEntries(Array.from(value, ([key, item]) => [key, toPlainValue(field, item)]));
  if (field.enum !== undefined) return field.enum.value[value as number]?.name ?? value;
  return typeof value === "bigint" ? Number(value) : value;
}
