import { rpcName } from "../../contract/index.js";
import { inHead } from "../../findings/index.js";
import { optionNumbers } from "../option-numbers.js";
import type { Rule } from "../rule.js";
import { targetOf } from "./command-target.js";

/** A command requires the same of the existence of its aggregate. */
export const commandCreates: Rule = ({ methods }, findings) => {
  for (const { base, head } of methods.kept) {
    const [before, now] = [targetOf(base), targetOf(head)];
    if (before === undefined || now === undefined || before.creates === now.creates) continue;
    const where = inHead(head.desc, { option: optionNumbers.command, focus: "creates" });
    const name = rpcName(head);
    if (now.creates === true) findings.report("command-refuses-existing", name, where, name);
    else if (now.creates === false) findings.report("command-refuses-missing", name, where, name);
    else
      findings.report(
        "command-check-dropped",
        name,
        where,
        name,
        before.creates === true ? "ALREADY_EXISTS" : "NOT_FOUND",
      );
  }
};
