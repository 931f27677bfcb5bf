import type { DescField, DescMessage, Message } from "@bufbuild/protobuf";

/** Whether a message has more than `limit` items of lists, entries of maps and nested messages. Stops counting there. */
export function hasManyValues(schema: DescMessage, message: Message, limit: number): boolean {
  return count(schema, message, limit) < 0;
}

/** Returns how many more values are allowed: below 0, none. */
function count(schema: DescMessage, message: Message, limit: number): number {
  let left = limit;
  for (const field of schema.fields) {
    const value = read(field, message as unknown as Readonly<Record<string, unknown>>);
    if (!value || field.fieldKind === "scalar") continue;
    const values = field.fieldKind === "map" ? Object.values(value) : [value].flat();
    left -= values.length;
    for (const one of values) {
      if (left < 0) return left;
      // Well-known types such as Struct may have another form.
      if (field.message && one.$typeName) left = count(field.message, one, left);
    }
  }
  return left;
}

function read({ oneof, localName }: DescField, message: Readonly<Record<string, unknown>>): unknown {
  if (oneof === undefined) return message[localName];
  const chosen = message[oneof.localName] as { readonly case?: string; readonly value?: unknown };
  return chosen.case === localName ? chosen.value : undefined;
}
