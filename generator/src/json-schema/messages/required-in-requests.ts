import type { DescMessage } from "@bufbuild/protobuf";
import type { OpenApiFacts } from "../../model/index.js";

const known: WeakMap<DescMessage, boolean> = new WeakMap();

/**
 * Whether requests require fields of a message, at any depth, that responses may omit. REQUIRED of
 * google.api.field_behavior does not apply to responses, where ProtoJSON omits zero values.
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
  // Then no reachable message has required fields either.
  if (!found) for (const message of seen) known.set(message, false);
  return found;
}
