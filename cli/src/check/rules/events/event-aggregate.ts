import { isSameAggregate, titleOf } from "../../contract/index.js";
import { inHead } from "../../findings/index.js";
import type { Rule } from "../rule.js";

/** An event stays in the streams of its aggregate. */
export const eventAggregate: Rule = (comparison, findings) => {
  for (const { base, head } of comparison.events.kept) {
    const [before, now] = [base.aggregate, head.aggregate];
    if (before === undefined || now === undefined || isSameAggregate(before, now, comparison)) continue;
    const title = titleOf(head);
    findings.report("event-aggregate-changed", title, inHead(head.desc), title, before.desc.name, now.desc.name);
  }
};
