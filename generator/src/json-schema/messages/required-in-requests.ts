import type { DescMessage } from "@bufbuild/protobuf";
import type { OpenApiFacts } from "../../model/index.js";

const known: WeakMap<DescMessage, boolean> = new WeakMap();

/**
 * Whether callers owe fields of a message, or of one within it, that answers may leave out: those of
 * google.api.field_behavior REQUIRED, since ProtoJSON leaves out what has its zero value.
 */
export function hasRequired(desc: DescMessage, facts: OpenApiFacts): boolean {
  return known.get(desc) ?? search(desc, facts);
}

function search(desc: DescMessage, facts: OpenApiFacts): boolean {
  const seen = new Set<DescMessage>([desc]);
  let found = false;
  for (const message of seen) {
    found ||= message.fields.some((field) => facts.field(field).required === true);
    if (found) break;
    for (const field of message.fields) if (field.message !== undefined) seen.add(field.message);
  }
  known.set(desc, found);
  // Nothing that a message without any leads to has any either.
  if (!found) for (const message of seen) known.set(message, false);
  return found;
}
