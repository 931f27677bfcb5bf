import { rpcName } from "../../contract/index.js";
import { inBase } from "../../findings/index.js";
import type { Rule } from "../rule.js";

/** Every rpc keeps its name: callers, schedules, sagas and the outbox use it. */
export const rpcSet: Rule = ({ methods }, findings) => {
  for (const method of methods.gone)
    findings.report("rpc-removed", rpcName(method), inBase(method.desc), rpcName(method));
};
