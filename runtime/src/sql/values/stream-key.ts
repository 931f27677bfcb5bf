import type { StreamId } from "../../store/ports/index.js";
import { escapeNul } from "./escape-nul.js";

/** Tenant, type and id of a stream, in the order in which statements bind them. */
export function bindStream({ tenant, type, id }: StreamId): [string, string, string] {
  return [escapeNul(tenant), escapeNul(type), escapeNul(id)];
}
