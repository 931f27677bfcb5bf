import type { DescField } from "@bufbuild/protobuf";
import { inHead } from "../../findings/index.js";
import { fieldName, pairedMessages } from "../paired-messages.js";
import type { Rule } from "../rule.js";
import { compareConstraints, readConstraints } from "./constraints.js";

/** Requests that were valid stay valid. New fields are compared as if they had no value before. */
export const requestRules: Rule = ({ base, head, methods }, findings) => {
  const roots = methods.kept.map((pair) => ({ base: pair.base.desc.input, head: pair.head.desc.input }));
  for (const pair of pairedMessages(roots)) {
    const before = new Map(pair.base.fields.map((field) => [field.number, field]));
    for (const field of pair.head.fields) {
      const old: DescField | undefined = before.get(field.number);
      const now = readConstraints(field, head.registry);
      const changes = compareConstraints(old === undefined ? new Map() : readConstraints(old, base.registry), now);
      for (const { rule, effect } of changes) {
        const code = `request-rule-${effect}` as const;
        const name = fieldName(field);
        findings.report(code, `${name}: ${rule.split(" ")[0]}`, inHead(field), name, rule);
      }
    }
  }
};
