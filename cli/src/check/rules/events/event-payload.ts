import { findMisreadings } from "@potter/runtime/compatibility";
import { titleOf } from "../../contract/index.js";
import { inBase, inHead } from "../../findings/index.js";
import { removedFields } from "../removed-fields.js";
import type { Rule } from "../rule.js";

/** Stored events keep their meaning, as the runtime requires when an app starts. */
export const eventPayload: Rule = ({ events }, findings) => {
  for (const { base, head } of events.kept) {
    if (base.aggregate?.persistence === "state") continue;
    const title = titleOf(head);
    for (const { element, text } of findMisreadings(base.desc, head.desc)) {
      findings.report("event-misread", title, inHead(element), title, text);
    }
    for (const field of removedFields(base.desc, head.desc)) {
      const name = `${field.parent.typeName}.${field.name}`;
      findings.report("event-field-removed", `${title}: ${name}`, inBase(field), title, name);
    }
  }
};
