import { pairElements, rpcName } from "../../contract/index.js";
import { inHead } from "../../findings/index.js";
import { optionNumbers } from "../option-numbers.js";
import type { Rule } from "../rule.js";
import { errorsOf, renamedErrors } from "./error-names.js";

/** A command declares the same errors. One that has another name is reported once, for the error. */
export const commandErrors: Rule = (comparison, findings) => {
  const renamed = renamedErrors(comparison);
  const isNewName = new Set(renamed.values());
  for (const { base, head } of comparison.methods.kept) {
    const { gone, added } = pairElements(errorsOf(base), errorsOf(head), ({ desc }) => desc.typeName);
    const name = rpcName(head);
    for (const { desc } of gone.filter((error) => !renamed.has(error))) {
      findings.report("command-error-removed", `${name}: ${desc.typeName}`, inHead(head.desc), name, desc.typeName);
    }
    for (const { desc } of added.filter((error) => !isNewName.has(error))) {
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
