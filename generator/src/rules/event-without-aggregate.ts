import { optionNumbers } from "../model/index.js";
import type { Rule } from "./rule.js";

/** Every event is recorded in the stream of an aggregate that can be told. */
export const eventWithoutAggregate: Rule = (model, diagnostics) => {
  for (const { aggregate, desc } of model.all.flatMap(({ events }) => events)) {
    if (aggregate === undefined) diagnostics.report("event-without-aggregate", { desc, option: optionNumbers.event }, desc.name);
  }
};
