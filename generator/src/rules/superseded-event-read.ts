import { optionNumbers } from "../model/index.js";
import type { Rule } from "./rule.js";

/** A read model names the newest version of an event: projections receive upcast events. */
export const supersededEventRead: Rule = (model, diagnostics) => {
  for (const { desc, from } of model.all.flatMap(({ readModels }) => readModels)) {
    for (const event of from) {
      if (event.supersededBy === undefined) continue;
      const ref = { desc, option: optionNumbers.readModel, focus: `"${event.desc.name}"` };
      diagnostics.report("superseded-event-read", ref, desc.name, event.desc.name, event.supersededBy.desc.name);
    }
  }
};
