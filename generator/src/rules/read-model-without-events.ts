import { optionNumbers } from "../model/index.js";
import type { Rule } from "./rule.js";

/** A read model follows from events. */
export const readModelWithoutEvents: Rule = (model, diagnostics) => {
  for (const { desc, from } of model.all.flatMap(({ readModels }) => readModels)) {
    if (from.length === 0) diagnostics.report("read-model-without-events", { desc, option: optionNumbers.readModel }, desc.name);
  }
};
