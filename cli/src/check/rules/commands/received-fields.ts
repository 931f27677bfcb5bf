import type { MethodModel } from "@potter/generator";
import { type Pair, rpcName } from "../../contract/index.js";
import { inBase, inHead } from "../../findings/index.js";
import { fieldName, pairedMessages } from "../paired-messages.js";
import { removedFields } from "../removed-fields.js";
import type { Rule } from "../rule.js";

/** Callers receive the same fields of a declared error. Personal fields are not sent. */
export const errorFields: Rule = ({ base, head, errors }, findings) => {
  const [before, now] = [base.model.fields.personal, head.model.fields.personal];
  const pairs = errors.kept.map((pair) => ({ base: pair.base.desc, head: pair.head.desc }));
  for (const field of new Set(pairs.flatMap((pair) => removedFields(pair.base, pair.head)))) {
    findings.report("error-field-removed", fieldName(field), inBase(field), fieldName(field));
  }
  for (const pair of pairedMessages(pairs)) {
    const sent = new Set(pair.base.fields.filter((field) => !before.has(field)).map(({ number }) => number));
    for (const field of pair.head.fields.filter((one) => now.has(one) && sent.has(one.number))) {
      findings.report("error-field-removed", fieldName(field), inHead(field), fieldName(field));
    }
  }
};

/** Rpcs that REST cannot serve, since their requests are streams, have the same fields. The rules of REST compare all others. */
export const streamFields: Rule = ({ methods }, findings) => {
  for (const { base, head } of methods.kept.filter(isUnserved)) {
    const rpc = rpcName(head);
    for (const field of removedFields(base.desc.input, head.desc.input)) {
      findings.report("rpc-request-field-removed", fieldName(field), inBase(field), fieldName(field), rpc);
    }
    for (const field of removedFields(base.desc.output, head.desc.output)) {
      findings.report("rpc-response-field-removed", fieldName(field), inBase(field), fieldName(field), rpc);
    }
  }
};

function isUnserved({ base, head }: Pair<MethodModel>): boolean {
  return base.http.length === 0 || head.http.length === 0;
}

/** Callers receive only values of enums that they know. */
export const responseValues: Rule = ({ methods, errors }, findings) => {
  const roots = [
    ...methods.kept.map(({ base, head }) => ({ base: base.desc.output, head: head.desc.output })),
    ...errors.kept.map(({ base, head }) => ({ base: base.desc, head: head.desc })),
  ];
  const seen = new Set<string>();
  for (const pair of pairedMessages(roots)) {
    const before = new Map(pair.base.fields.map((field) => [field.number, field.enum]));
    for (const field of pair.head.fields) {
      const [old, now] = [before.get(field.number), field.enum];
      if (old === undefined || now === undefined || seen.has(now.typeName)) continue;
      seen.add(now.typeName);
      const known = new Set(old.values.map(({ number }) => number));
      for (const value of now.values.filter(({ number }) => !known.has(number))) {
        findings.report(
          "response-value-added",
          `${now.typeName}: ${value.name}`,
          inHead(value),
          now.typeName,
          value.name,
        );
      }
    }
  }
};
