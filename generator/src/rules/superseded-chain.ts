import { type EventModel, optionNumbers } from "../model/index.js";
import type { Rule } from "./rule.js";

/** The versions of an event have the same stored type, increase, and end at the version that is recorded today. */
export const supersededChain: Rule = (model, diagnostics) => {
  for (const event of model.all.flatMap(({ events }) => events)) {
    const { desc, type, version, supersededBy: newer } = event;
    if (newer === undefined) continue;
    const ref = { desc, option: optionNumbers.event };
    if (isInCycle(event)) {
      diagnostics.report("superseded-cycle", ref, desc.name);
      continue;
    }
    if (newer.type !== type) diagnostics.report("superseded-type", ref, desc.name, type, newer.desc.name, newer.type);
    else if (newer.version <= version) {
      diagnostics.report("superseded-version", ref, desc.name, String(version), newer.desc.name, String(newer.version));
    }
  }
};

function isInCycle(event: EventModel): boolean {
  const seen = new Set<EventModel>();
  for (let at = event.supersededBy; at !== undefined && !seen.has(at); at = at.supersededBy) {
    if (at === event) return true;
    seen.add(at);
  }
  return false;
}
