import { type EventModel, optionNumbers } from "../model/index.js";
import type { Rule } from "./rule.js";

/** Stored type and version identify the message of an event. */
export const duplicateEventType: Rule = (model, diagnostics) => {
  const known = new Map<string, EventModel>();
  for (const event of model.all.flatMap(({ events }) => events)) {
    const key = `${event.version} ${event.type}`;
    const other = known.get(key);
    known.set(key, other ?? event);
    // The rule supersededChain reports a version that does not increase.
    if (other === undefined || other.supersededBy === event || event.supersededBy === other) continue;
    const ref = { desc: event.desc, option: optionNumbers.event };
    diagnostics.report(
      "duplicate-event-type",
      ref,
      event.desc.name,
      event.type,
      String(event.version),
      other.desc.name,
    );
  }
};
