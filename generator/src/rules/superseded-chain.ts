import { type EventModel, optionNumbers } from "../model/index.js";
import type { Rule } from "./rule.js";

/** Versions of one event share their stored type, grow, and end at the one that is recorded today. */
export const supersededChain: Rule = (model, diagnostics) => {
  for (const event of model.all.flatMap(({ events }) => events)) {
    const { desc, type, version, supersededBy: newer } = event;
    if (newer === undefined) continue;
    const place = { desc, option: optionNumbers.event };
    if (inCircle(event)) {
      diagnostics.report("superseded-cycle", place, desc.name);
      continue;
    }
    if (newer.type !== type) diagnostics.report("superseded-type", place, desc.name, type, newer.desc.name, newer.type);
    else if (newer.version <= version) {
      diagnostics.report(
        "superseded-version",
        place,
        desc.name,
        String(version),
        newer.desc.name,
        String(newer.version),
      );
    }
  }
};

function inCircle(event: EventModel): boolean {
  const seen = new Set<EventModel>();
  for (let at = event.supersededBy; at !== undefined && !seen.has(at); at = at.supersededBy) {
    if (at === event) return true;
    seen.add(at);
  }
  return false;
}
