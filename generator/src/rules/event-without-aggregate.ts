import { optionNumbers, readMessageRoles } from "../model/index.js";
import type { Rule } from "./rule.js";

/** Every event is recorded in the stream of an aggregate that can be told. */
export const eventWithoutAggregate: Rule = (model, diagnostics) => {
  for (const { aggregate, desc, supersededBy } of model.all.flatMap(({ events }) => events)) {
    // An old version is recorded where the newest is; and of a name that leads nowhere that much is told.
    if (aggregate !== undefined || supersededBy !== undefined || readMessageRoles(desc)?.event?.aggregate) continue;
    diagnostics.report("event-without-aggregate", { desc, option: optionNumbers.event }, desc.name);
  }
};
