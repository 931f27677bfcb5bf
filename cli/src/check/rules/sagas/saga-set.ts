import { findMisreadings } from "@potter/runtime/compatibility";
import { titleOf } from "../../contract/index.js";
import { inBase, inHead } from "../../findings/index.js";
import { fieldName } from "../paired-messages.js";
import { removedFields } from "../removed-fields.js";
import type { Rule } from "../rule.js";

/** A saga keeps its name, and does not return to an earlier version. */
export const sagaSet: Rule = ({ sagas }, findings) => {
  for (const { desc } of sagas.gone) findings.report("saga-removed", desc.typeName, inBase(desc), desc.typeName);
  for (const { base, head } of sagas.kept) {
    const name = head.desc.typeName;
    if (head.version >= base.version) continue;
    findings.report("saga-version-lowered", name, inHead(head.desc), name, `${base.version}`, `${head.version}`);
  }
};

/** The data of instances in flight keeps its meaning. */
export const sagaData: Rule = ({ sagas }, findings) => {
  for (const { base, head } of sagas.kept) {
    const name = head.desc.typeName;
    for (const { element, text } of findMisreadings(base.desc, head.desc)) {
      findings.report("saga-data-misread", name, inHead(element), name, text);
    }
    for (const field of removedFields(base.desc, head.desc)) {
      findings.report("saga-field-removed", fieldName(field), inBase(field), name, field.name);
    }
    if (base.id.number === head.id.number) continue;
    findings.report("saga-id-changed", name, inHead(head.id), name, base.id.name, head.id.name);
  }
};

/** The same event starts a saga. */
export const sagaStart: Rule = ({ sagas }, findings) => {
  for (const { base, head } of sagas.kept) {
    // A newer version of the event is the same event for a saga.
    if (base.startsOn === undefined || base.startsOn.type === head.startsOn?.type) continue;
    const now = head.startsOn === undefined ? "no event" : titleOf(head.startsOn);
    const name = head.desc.typeName;
    findings.report("saga-start-changed", name, inHead(head.desc), name, titleOf(base.startsOn), now);
  }
};
