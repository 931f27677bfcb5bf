import type { DescField, DescMessage } from "@bufbuild/protobuf";
import type { Comparison, Pair } from "../../contract/index.js";
import { inHead } from "../../findings/index.js";
import { fieldName, pairedMessages } from "../paired-messages.js";
import type { Rule } from "../rule.js";

/** Fields that are stored stay personal, or stay not personal. */
export const personalFields: Rule = (comparison, findings) => {
  const [before, now] = [comparison.base.model.fields.personal, comparison.head.model.fields.personal];
  for (const { base, head } of storedMessages(comparison)) {
    const fields = new Map(base.fields.map((field) => [field.number, field]));
    for (const field of head.fields) {
      const old = fields.get(field.number);
      if (old === undefined || before.has(old) === now.has(field)) continue;
      const name = fieldName(field);
      findings.report(now.has(field) ? "personal-added" : "personal-removed", name, inHead(field), name);
    }
  }
};

/** The same field identifies the data subject of stored personal fields. */
export const personalSubject: Rule = (comparison, findings) => {
  const [before, now] = [comparison.base.model.fields, comparison.head.model.fields];
  for (const { base, head } of storedMessages(comparison)) {
    if (!base.fields.some((field) => before.personal.has(field))) continue;
    if (!head.fields.some((field) => now.personal.has(field))) continue;
    const old = subjectOf(base, before.subjects);
    const next = subjectOf(head, now.subjects);
    if (old?.number === next?.number) continue;
    const texts = [old?.name ?? "the id of its stream", next?.name ?? "the id of its stream"] as const;
    findings.report("personal-subject-changed", head.typeName, inHead(next ?? head), head.typeName, ...texts);
  }
};

function subjectOf(message: DescMessage, subjects: ReadonlySet<DescField>): DescField | undefined {
  return message.fields.find((field) => subjects.has(field));
}

/** The messages of events, sagas and rows, and those that they contain. */
function storedMessages({ events, sagas, readModels }: Comparison): readonly Pair<DescMessage>[] {
  const stored = [...events.kept, ...sagas.kept, ...readModels.kept];
  return pairedMessages(stored.map(({ base, head }) => ({ base: base.desc, head: head.desc })));
}
