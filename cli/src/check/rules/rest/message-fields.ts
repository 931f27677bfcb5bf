import type { MethodModel } from "@potter/generator";
import { type Pair, rpcName } from "../../contract/index.js";
import { inBase } from "../../findings/index.js";
import { fieldName } from "../paired-messages.js";
import { removedFields } from "../removed-fields.js";
import type { Rule } from "../rule.js";

/** Requests of REST clients can contain the same fields. */
export const requestFields: Rule = ({ methods }, findings) => {
  for (const { base, head } of methods.kept.filter(isServed)) {
    for (const field of removedFields(base.desc.input, head.desc.input)) {
      findings.report("rest-request-field-removed", fieldName(field), inBase(field), fieldName(field), rpcName(head));
    }
  }
};

/** Responses that REST clients read contain the same fields. */
export const responseFields: Rule = ({ methods }, findings) => {
  for (const { base, head } of methods.kept.filter(isServed)) {
    for (const field of removedFields(base.desc.output, head.desc.output)) {
      findings.report("rest-response-field-removed", fieldName(field), inBase(field), fieldName(field), rpcName(head));
    }
  }
};

function isServed({ base, head }: Pair<MethodModel>): boolean {
  return base.http.length > 0 && head.http.length > 0;
}
