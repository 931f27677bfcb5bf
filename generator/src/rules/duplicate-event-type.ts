import { type EventModel, optionNumbers } from "../model/index.js";
import type { Rule } from "./rule.js";

/** A stored event tells by type and version which message it is. */
export const duplicateEventType: Rule = (model, diagnostics) => {
  const known = new Map<string, EventModel>();
  for (const event of model.all.flatMap(({ events }) => events)) {
    const key = `${event.version} ${event.type}`;
    const other = known.get(key);
    known.set(key, other ?? event);
    // Of a version that does not grow the rule of chains tells.
    if (other === undefined || other.supersededBy === event || event.supersededBy === other) continue;
    const place = { desc: event.desc, option: optionNumbers.event };
    diagnostics.report(
      "duplicate-event-type",
      place,
      event.desc.name,
      event.type,
      String(event.version),
      other.desc.name,
    );
  }
};
