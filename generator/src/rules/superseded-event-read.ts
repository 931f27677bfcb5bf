import { optionNumbers } from "../model/index.js";
import type { Rule } from "./rule.js";

/** A projection sees the newest version of an event, so it names that. */
export const supersededEventRead: Rule = (model, diagnostics) => {
  for (const { desc, from } of model.all.flatMap(({ readModels }) => readModels)) {
    for (const event of from) {
      if (event.supersededBy === undefined) continue;
      const place = { desc, option: optionNumbers.readModel, focus: `"${event.desc.name}"` };
      diagnostics.report("superseded-event-read", place, desc.name, event.desc.name, event.supersededBy.desc.name);
    }
  }
};
