import type { EventModel } from "@potter/generator";
import { titleOf } from "../../contract/index.js";
import { inHead } from "../../findings/index.js";
import type { Rule } from "../rule.js";

/** A superseded event stays superseded by the same event. */
export const eventUpcast: Rule = ({ events }, findings) => {
  for (const { base, head } of events.kept) {
    const before = base.supersededBy;
    const now = head.supersededBy;
    const title = titleOf(head);
    if (before === undefined) {
      if (now !== undefined) findings.report("event-superseded", title, inHead(head.desc), title, titleOf(now));
    } else if (now === undefined) {
      findings.report("event-upcast-changed", title, inHead(head.desc), title, before.desc.name, "superseded by none");
    } else if (!isNewer(before, now)) {
      const text = `superseded by ${now.desc.name}`;
      findings.report("event-upcast-changed", title, inHead(head.desc), title, before.desc.name, text);
    }
  }
};

/** Whether an event is another one, or a chain of upcasts leads from the other to it. */
function isNewer(before: EventModel, now: EventModel): boolean {
  return before.type === now.type && now.version >= before.version;
}
