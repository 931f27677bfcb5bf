import type { DescField, DescMessage, Message } from "@bufbuild/protobuf";

/** Whether a message has more than `limit` items of lists, entries of maps and nested messages. Stops counting there. */
export function hasManyValues(schema: DescMessage, message: Message, limit: number): boolean {
  return count(schema, message, limit) < 0;
}

/** Returns how many more values are allowed: below 0, none. */
function count(schema: DescMessage, message: Message, left: number): number {
  let rest = left;
  for (const field of schema.fields) {
    const value = read(field, message as unknown as Readonly<Record<string, unknown>>);
    if (value === undefined || value === null) continue;
    const values = Array.isArray(value) ? value : field.fieldKind === "map" ? Object.values(value) : [value];
    if (field.message !== undefined || field.fieldKind !== "scalar") rest -= values.length;
    if (rest < 0) return rest;
    if (field.message === undefined) continue;
    for (const one of values) {
      // Well-known types such as Struct may have another form.
      if ((one as Partial<Message>).$typeName !== undefined) rest = count(field.message, one as Message, rest);
      if (rest < 0) return rest;
    }
  }
  return rest;
}

function read({ oneof, localName }: DescField, message: Readonly<Record<string, unknown>>): unknown {
  if (oneof === undefined) return message[localName];
  const chosen = message[oneof.localName] as { readonly case?: string; readonly value?: unknown };
  return chosen.case === localName ? chosen.value : undefined;
}
