import { optionNumbers } from "../model/index.js";
import { commandsOf } from "./commands.js";
import type { Rule } from "./rule.js";

/** A command emits the newest version of an event. */
export const supersededEventEmitted: Rule = (model, diagnostics) => {
  for (const { method, target } of commandsOf(model)) {
    for (const event of target.emits) {
      if (event.supersededBy === undefined) continue;
      const ref = { desc: method.desc, option: optionNumbers.command, focus: `"${event.desc.name}"` };
      diagnostics.report("superseded-event-emitted", ref, method.name, event.desc.name, event.supersededBy.desc.name);
    }
  }
};
