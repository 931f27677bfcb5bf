import { rpcName } from "../../contract/index.js";
import { inHead } from "../../findings/index.js";
import type { Rule } from "../rule.js";

/** Calls have as much time as before. */
export const rpcTimeout: Rule = ({ methods }, findings) => {
  for (const { base, head } of methods.kept) {
    const [before, now] = [base.timeout ?? Number.POSITIVE_INFINITY, head.timeout ?? Number.POSITIVE_INFINITY];
    if (now >= before) continue;
    const text = base.timeout === undefined ? "unlimited" : `${before} ms`;
    findings.report("rpc-timeout-shortened", rpcName(head), inHead(head.desc), rpcName(head), text, `${now} ms`);
  }
};

/** The same field of a request is the tenant. */
export const rpcTenant: Rule = ({ methods }, findings) => {
  for (const { base, head } of methods.kept) {
    if (base.tenant?.number === head.tenant?.number) continue;
    const texts = [base.tenant?.name ?? "none", head.tenant?.name ?? "none"] as const;
    findings.report("rpc-tenant-changed", rpcName(head), inHead(head.tenant ?? head.desc), rpcName(head), ...texts);
  }
};
