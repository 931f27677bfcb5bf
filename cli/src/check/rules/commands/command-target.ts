import type { CommandTarget, MethodModel } from "@potter/generator";
import { isSameAggregate, rpcName } from "../../contract/index.js";
import { inHead } from "../../findings/index.js";
import type { Rule } from "../rule.js";

/** A command addresses the same aggregate by the same field. */
export const commandTarget: Rule = (comparison, findings) => {
  for (const { base, head } of comparison.methods.kept) {
    const [before, now] = [targetOf(base), targetOf(head)];
    const name = rpcName(head);
    if (!isSameAggregate(before?.aggregate, now?.aggregate, comparison)) {
      const texts = [before, now].map((target) => target?.aggregate.desc.name ?? "no aggregate") as [string, string];
      findings.report("command-aggregate-changed", name, inHead(head.desc), name, ...texts);
    } else if (before !== undefined && now !== undefined && numbersOf(before) !== numbersOf(now)) {
      findings.report("command-id-changed", name, inHead(now.id ?? head.desc), name, pathOf(before), pathOf(now));
    }
  }
};

/** What a command addresses; undefined: it is a query, or a plain function handles it. */
export function targetOf({ role }: MethodModel): CommandTarget | undefined {
  return role.kind === "command" ? role.target : undefined;
}

function numbersOf({ idPath }: CommandTarget): string {
  return idPath.map(({ number }) => number).join(".");
}

function pathOf({ idPath }: CommandTarget): string {
  return idPath.length === 0 ? "generated" : idPath.map(({ name }) => name).join(".");
}
