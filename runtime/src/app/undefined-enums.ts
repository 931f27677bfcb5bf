import type { DescField, DescMessage, Message } from "@bufbuild/protobuf";
import { type ReflectMessage, reflect } from "@bufbuild/protobuf/reflect";

/** Returns the paths of the fields whose number is not defined by their enum. */
export function findUndefinedEnums(schema: DescMessage, message: Message): readonly string[] {
  const found: string[] = [];
  searchMessage(reflect(schema, message), "", found);
  return found;
}

function searchMessage(message: ReflectMessage, prefix: string, found: string[]): void {
  for (const field of message.fields) {
    if (!message.isSet(field)) continue;
    const path = `${prefix}${field.name}`;
    if (field.fieldKind === "list") {
      if (field.listKind === "scalar") continue;
      for (const [index, item] of [...message.get(field)].entries())
        searchValue(field, item, `${path}[${index}]`, found);
    } else if (field.fieldKind === "map") {
      if (field.mapKind === "scalar") continue;
      for (const [key, value] of message.get(field))
        searchValue(field, value, `${path}[${JSON.stringify(key)}]`, found);
    } else {
      searchValue(field, message.get(field), path, found);
    }
  }
}

function searchValue(field: DescField, value: unknown, path: string, found: string[]): void {
  if (field.enum !== undefined) {
    if (field.enum.value[value as number] === undefined) found.push(path);
  } else if (field.message !== undefined) {
    searchMessage(value as ReflectMessage, `${path}.`, found);
  }
}
