import type { DescMessage } from "@bufbuild/protobuf";
import { isPersonal } from "./roles.js";

/** Answers for messages that were asked before: the methods of an API share most of the messages that they contain. */
const known: WeakMap<DescMessage, boolean> = new WeakMap();

/** Whether a message, or one that it contains, has a field with personal data. The runtime decides alike when it starts. */
export function holdsPersonal(schema: DescMessage): boolean {
  const seen = new Set<DescMessage>();
  const found = holdsPersonalBelow(schema, seen);
  known.set(schema, found);
  if (!found) for (const one of seen) known.set(one, false);
  return found;
}

function holdsPersonalBelow(schema: DescMessage, seen: Set<DescMessage>): boolean {
  const answer = known.get(schema);
  if (answer !== undefined || seen.has(schema)) return answer ?? false;
  seen.add(schema);
  return schema.fields.some(
    (field) => isPersonal(field) || (field.message !== undefined && holdsPersonalBelow(field.message, seen)),
  );
}
