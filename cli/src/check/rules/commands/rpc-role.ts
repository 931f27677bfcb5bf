import { rpcName } from "../../contract/index.js";
import { inHead } from "../../findings/index.js";
import type { Rule } from "../rule.js";

/** A command stays a command, and a query a query. */
export const rpcRole: Rule = ({ methods }, findings) => {
  for (const { base, head } of methods.kept) {
    const [before, now] = [base.role.kind, head.role.kind];
    if (before !== now)
      findings.report("rpc-role-changed", rpcName(head), inHead(head.desc), rpcName(head), before, now);
  }
};
