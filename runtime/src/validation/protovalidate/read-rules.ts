import { type DescMessage, isFieldSet, type Message } from "@bufbuild/protobuf";

/**
 * Returns the rules that are set, by name. Ignores `example`, which is not a rule. Predefined rules appear as `$unknown`, for
 * which there is no fast check.
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
