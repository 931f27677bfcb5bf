import type { DescField, DescMessage } from "@bufbuild/protobuf";

/** Finds the fields that a message, or one that it contains, no longer has under their number. */
export function removedFields(base: DescMessage, head: DescMessage): readonly DescField[] {
  const found = new Set<DescField>();
  collect(base, head, found, new Set());
  return [...found];
}

function collect(base: DescMessage, head: DescMessage, found: Set<DescField>, seen: Set<DescMessage>): void {
  if (seen.has(base)) return;
  seen.add(base);
  const now = new Map(head.fields.map((field) => [field.number, field]));
  for (const field of base.fields) {
    const kept = now.get(field.number);
    if (kept === undefined) found.add(field);
    else if (field.message && kept.message) collect(field.message, kept.message, found, seen);
  }
}
