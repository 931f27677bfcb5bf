import type { ErrorModel, MethodModel } from "@potter/generator";
import { pairElements, rpcName } from "../../contract/index.js";
import { inHead } from "../../findings/index.js";
import { optionNumbers } from "../option-numbers.js";
import type { Rule } from "../rule.js";

/** A command declares the same errors. */
export const commandErrors: Rule = ({ methods }, findings) => {
  for (const { base, head } of methods.kept) {
    const { gone, added } = pairElements(errorsOf(base), errorsOf(head), ({ desc }) => desc.typeName);
    const name = rpcName(head);
    for (const { desc } of gone) {
      findings.report("command-error-removed", `${name}: ${desc.typeName}`, inHead(head.desc), name, desc.typeName);
    }
    for (const { desc } of added) {
      const where = inHead(head.desc, { option: optionNumbers.command, focus: desc.name });
      findings.report("command-error-added", `${name}: ${desc.typeName}`, where, name, desc.typeName);
    }
  }
};

/** An error has the same code. */
export const errorCode: Rule = ({ errors }, findings) => {
  for (const { base, head } of errors.kept) {
    const name = head.desc.typeName;
    if (base.code !== head.code)
      findings.report("error-code-changed", name, inHead(head.desc), name, base.code, head.code);
  }
};

function errorsOf({ role }: MethodModel): readonly ErrorModel[] {
  return role.kind === "command" ? role.errors : [];
}
