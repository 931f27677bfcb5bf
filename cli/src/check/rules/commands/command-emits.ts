import { pairElements, rpcName, titleOf } from "../../contract/index.js";
import { inHead } from "../../findings/index.js";
import { optionNumbers } from "../option-numbers.js";
import type { Rule } from "../rule.js";
import { targetOf } from "./command-target.js";

/** A command can record the same events. A newer version of an event counts as the same. */
export const commandEmits: Rule = ({ methods }, findings) => {
  for (const { base, head } of methods.kept) {
    const [before, now] = [targetOf(base)?.emits ?? [], targetOf(head)?.emits ?? []];
    const { gone, added } = pairElements(before, now, ({ type }) => type);
    const name = rpcName(head);
    for (const event of gone) {
      findings.report("command-emits-removed", `${name}: ${event.type}`, inHead(head.desc), name, titleOf(event));
    }
    for (const event of added) {
      const where = inHead(head.desc, { option: optionNumbers.command, focus: event.desc.name });
      findings.report("command-emits-added", `${name}: ${event.type}`, where, name, titleOf(event));
    }
  }
};
