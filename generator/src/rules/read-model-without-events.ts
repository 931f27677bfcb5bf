import { optionNumbers, readMessageRoles } from "../model/index.js";
import type { Rule } from "./rule.js";

/** A read model follows from events. */
export const readModelWithoutEvents: Rule = (model, diagnostics) => {
  for (const { desc } of model.all.flatMap(({ readModels }) => readModels)) {
    // What the option says counts: a name that leads nowhere is told by itself.
    if (readMessageRoles(desc)?.readModel?.from.length !== 0) continue;
    diagnostics.report("read-model-without-events", { desc, option: optionNumbers.readModel }, desc.name);
  }
};
