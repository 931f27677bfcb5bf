import { inBase, inHead } from "../../findings/index.js";
import type { Rule } from "../rule.js";

/** Streams and states of aggregates are found as they are stored. */
export const aggregateStorage: Rule = ({ aggregates }, findings) => {
  for (const aggregate of aggregates.gone) {
    const renamed = aggregates.added.find(({ desc }) => desc.typeName === aggregate.desc.typeName);
    const where = renamed === undefined ? inBase(aggregate.desc) : inHead(renamed.desc);
    findings.report("aggregate-type-removed", aggregate.type, where, aggregate.type, renamed?.type ?? "");
  }
  for (const { base, head } of aggregates.kept) {
    if (base.persistence === head.persistence) continue;
    const texts = { events: "events", state: "its state" };
    const [before, now] = [texts[base.persistence], texts[head.persistence]];
    findings.report("aggregate-persistence-changed", head.type, inHead(head.desc), head.type, before, now);
  }
};
