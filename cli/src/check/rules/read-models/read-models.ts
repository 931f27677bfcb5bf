import { findMisreadings } from "@potter/runtime/compatibility";
import { titleOf } from "../../contract/index.js";
import { inBase, inHead } from "../../findings/index.js";
import type { Rule } from "../rule.js";

/** Rows of read models that are stored already keep their key and meaning. */
export const readModelRows: Rule = ({ readModels }, findings) => {
  for (const { desc } of readModels.gone)
    findings.report("read-model-removed", desc.typeName, inBase(desc), desc.typeName);
  for (const { base, head } of readModels.kept) {
    const name = head.desc.typeName;
    if (base.key.number !== head.key.number) {
      findings.report("read-model-key-changed", name, inHead(head.key), name, base.key.name, head.key.name);
    }
    for (const { element, text } of findMisreadings(base.desc, head.desc)) {
      findings.report("read-model-misread", name, inHead(element), name, text);
    }
  }
};

/** Rows reflect the same events as before. */
export const readModelEvents: Rule = ({ readModels }, findings) => {
  for (const { base, head } of readModels.kept) {
    const [before, now] = [new Set(base.from.map(({ type }) => type)), new Set(head.from.map(({ type }) => type))];
    for (const event of base.from.filter(({ type }) => !now.has(type))) {
      const text = `no longer follows ${titleOf(event)}`;
      findings.report(
        "read-model-events-changed",
        `${head.desc.typeName}: ${event.type}`,
        inHead(head.desc),
        head.desc.typeName,
        text,
      );
    }
    for (const event of head.from.filter(({ type }) => !before.has(type))) {
      const text = `also follows ${titleOf(event)}`;
      findings.report(
        "read-model-events-changed",
        `${head.desc.typeName}: ${event.type}`,
        inHead(head.desc),
        head.desc.typeName,
        text,
      );
    }
  }
};
