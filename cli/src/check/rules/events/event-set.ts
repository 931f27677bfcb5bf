import { titleOf } from "../../contract/index.js";
import { inBase, inHead } from "../../findings/index.js";
import type { Rule } from "../rule.js";

/** Every event that can be stored keeps its type and version. */
export const eventSet: Rule = ({ events }, findings) => {
  for (const event of events.gone) {
    // Events of an aggregate that stores its state reach inline projections only: none is stored.
    if (event.aggregate?.persistence === "state") continue;
    const title = titleOf(event);
    findings.report("event-removed", title, inBase(event.desc), title, event.desc.typeName);
  }
  for (const event of events.added) {
    if (event.supersededBy === undefined)
      findings.report("event-added", titleOf(event), inHead(event.desc), titleOf(event));
  }
};
