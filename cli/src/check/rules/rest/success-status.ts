import { rpcName } from "../../contract/index.js";
import { inHead } from "../../findings/index.js";
import type { Rule } from "../rule.js";

/** A success has the same status. */
export const successStatus: Rule = ({ methods }, findings) => {
  for (const { base, head } of methods.kept) {
    if (base.http.length === 0 || head.http.length === 0 || base.status === head.status) continue;
    const name = rpcName(head);
    findings.report("rest-status-changed", name, inHead(head.desc), name, `${base.status}`, `${head.status}`);
  }
};
