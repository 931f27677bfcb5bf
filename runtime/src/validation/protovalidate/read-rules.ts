import { type DescMessage, isFieldSet, type Message } from "@bufbuild/protobuf";

/**
 * The rules that are set in a message of rules, by name. `example` is no rule. What a predefined rule set is under
 * the name `$unknown`, which no check knows.
 */
export function readRules(rules: Message, schema: DescMessage): Readonly<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const field of schema.fields) {
    if (field.name === "example" || !isFieldSet(rules, field)) continue;
    const values = rules as unknown as Record<string, unknown>;
    const { oneof, localName } = field;
    found[localName] = oneof === undefined ? values[localName] : (values[oneof.localName] as { value: unknown }).value;
  }
  if (rules.$unknown !== undefined) found["$unknown"] = rules.$unknown;
  return found;
}
