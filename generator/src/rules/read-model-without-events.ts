import { optionNumbers, readMessageRoles } from "../model/index.js";
import type { Rule } from "./rule.js";

/** A read model is built from events. */
export const readModelWithoutEvents: Rule = (model, diagnostics) => {
  for (const { desc } of model.all.flatMap(({ readModels }) => readModels)) {
    // Reads the option, because an unresolved name is reported separately.
    if (readMessageRoles(desc)?.readModel?.from.length !== 0) continue;
    diagnostics.report("read-model-without-events", { desc, option: optionNumbers.readModel }, desc.name);
  }
};
