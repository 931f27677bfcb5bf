import type { DescField, DescMessage } from "@bufbuild/protobuf";
import type { Pair } from "../contract/index.js";

/** Pairs messages and the messages of their fields, by the numbers of the fields. Each pair occurs once. */
export function pairedMessages(roots: readonly Pair<DescMessage>[]): readonly Pair<DescMessage>[] {
  const seen = new Map<DescMessage, Set<DescMessage>>();
  const pairs: Pair<DescMessage>[] = [];
  const add = ({ base, head }: Pair<DescMessage>): void => {
    const known = seen.get(base) ?? new Set();
    if (known.has(head)) return;
    seen.set(base, known.add(head));
    pairs.push({ base, head });
    const before = new Map(base.fields.map((field) => [field.number, field]));
    for (const field of head.fields) {
      const old = before.get(field.number);
      if (old?.message && field.message) add({ base: old.message, head: field.message });
    }
  };
  for (const root of roots) add(root);
  return pairs;
}

/** The full name of a field: `shop.OrderPlaced.order_id`. */
export function fieldName(field: DescField): string {
  return `${field.parent.typeName}.${field.name}`;
}
