import type { AnyDesc, DescField } from "@bufbuild/protobuf";
import {
  isReflectList,
  isReflectMap,
  isReflectMessage,
  type ReflectMessage,
  reflect,
} from "@bufbuild/protobuf/reflect";
import { type ExternalOption, readExternalOption } from "../../descriptors/index.js";

/**
 * The value of an option of others as plain data: fields that are set, by their JSON names; enums as names, numbers as
 * numbers. `T` says which of them are read, and each may be missing. Unlike ProtoJSON it writes any value: nobody
 * should hear of what Potter does not read.
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
