import { optionNumbers } from "../model/index.js";
import { commandsOf } from "./commands.js";
import type { Rule } from "./rule.js";

/** A command emits events of the addressed aggregate only. */
export const foreignEvent: Rule = (model, diagnostics) => {
  for (const { method, target } of commandsOf(model)) {
    for (const event of target.emits) {
      if (event.aggregate === undefined || event.aggregate === target.aggregate) continue;
      const ref = { desc: method.desc, option: optionNumbers.command, focus: `"${event.desc.name}"` };
      const names = [target.aggregate.desc.name, event.desc.name, event.aggregate.desc.name] as const;
      diagnostics.report("foreign-event", ref, method.name, ...names);
    }
  }
};
