import { inBase } from "../../findings/index.js";
import { fieldName, pairedMessages } from "../paired-messages.js";
import { removedFields } from "../removed-fields.js";
import type { Rule } from "../rule.js";

/** Messages contain the same JSON fields. */
export const payloads: Rule = ({ events }, findings) => {
  for (const { base, head } of events.kept) {
    const name = head.desc.typeName;
    const renamed = pairedMessages([{ base: base.desc, head: head.desc }]).flatMap((pair) => {
      const now = new Map(pair.head.fields.map((field) => [field.number, field]));
      return pair.base.fields.filter(({ number, jsonName }) => (now.get(number)?.jsonName ?? jsonName) !== jsonName);
    });
    for (const field of [...removedFields(base.desc, head.desc), ...renamed]) {
      findings.report("asyncapi-field-removed", fieldName(field), inBase(field), name, field.jsonName);
    }
  }
};
