import { optionNumbers, readMessageRoles } from "../model/index.js";
import type { Rule } from "./rule.js";

/** Each event belongs to an aggregate, in whose streams it is recorded. */
export const eventWithoutAggregate: Rule = (model, diagnostics) => {
  // Unresolved names of commands are reported already; once fixed, they may assign these events.
  if (model.hasBrokenEmissions) return;
  for (const { aggregate, desc, supersededBy } of model.all.flatMap(({ events }) => events)) {
    const options = readMessageRoles(desc)?.event;
    // A superseded version belongs to the aggregate of the newest version.
    if (aggregate !== undefined || supersededBy !== undefined || options?.aggregate || options?.supersededBy) continue;
    diagnostics.report("event-without-aggregate", { desc, option: optionNumbers.event }, desc.name);
  }
};
