import { optionNumbers, readMessageRoles } from "../model/index.js";
import type { Rule } from "./rule.js";

/** Every event is recorded in the stream of an aggregate that can be told. */
export const eventWithoutAggregate: Rule = (model, diagnostics) => {
  // Of names that lead nowhere that much is told: mended, they may say it.
  if (model.hasBrokenEmissions) return;
  for (const { aggregate, desc, supersededBy } of model.all.flatMap(({ events }) => events)) {
    const options = readMessageRoles(desc)?.event;
    // An old version is recorded where the newest is.
    if (aggregate !== undefined || supersededBy !== undefined || options?.aggregate || options?.supersededBy) continue;
    diagnostics.report("event-without-aggregate", { desc, option: optionNumbers.event }, desc.name);
  }
};
