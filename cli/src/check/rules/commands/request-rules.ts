import type { DescField, DescMessage, DescOneof } from "@bufbuild/protobuf";
import type { Comparison, Pair } from "../../contract/index.js";
import { type Findings, inHead } from "../../findings/index.js";
import { fieldName, pairedMessages } from "../paired-messages.js";
import type { Rule } from "../rule.js";
import { compareConstraints, readConstraints } from "./constraints.js";

type Constrained = DescField | DescMessage | DescOneof;

/** Requests that were valid stay valid. New fields are compared as if they had no value before. */
export const requestRules: Rule = (comparison, findings) => {
  const roots = comparison.methods.kept.map(({ base, head }) => ({ base: base.desc.input, head: head.desc.input }));
  for (const pair of pairedMessages(roots)) {
    compareRules(pair, pair.head.typeName, comparison, findings);
    const fields = new Map(pair.base.fields.map((field) => [field.number, field]));
    for (const head of pair.head.fields) {
      compareRules({ base: fields.get(head.number), head }, fieldName(head), comparison, findings);
    }
    const oneofs = new Map(pair.base.oneofs.map((oneof) => [oneof.name, oneof]));
    for (const head of pair.head.oneofs) {
      compareRules({ base: oneofs.get(head.name), head }, `${pair.head.typeName}.${head.name}`, comparison, findings);
    }
  }
};

function compareRules(
  { base: old, head: desc }: Pair<Constrained | undefined> & { readonly head: Constrained },
  name: string,
  { base, head }: Comparison,
  findings: Findings,
): void {
  const before = old === undefined ? new Map<string, string>() : readConstraints(old, base.registry);
  for (const { rule, effect } of compareConstraints(before, readConstraints(desc, head.registry))) {
    findings.report(`request-rule-${effect}`, `${name}: ${rule.split(" ")[0]}`, inHead(desc), name, rule);
  }
}
