import { pairElements, rpcName } from "../../contract/index.js";
import { inBase, inHead } from "../../findings/index.js";
import { optionNumbers } from "../option-numbers.js";
import type { Rule } from "../rule.js";
import { routesOf } from "./routes.js";

/** Every method and path is served by the same rpc. */
export const routeSet: Rule = ({ base, head }, findings) => {
  const { kept, gone, added } = pairElements(routesOf(base), routesOf(head), ({ key }) => key);
  const option = optionNumbers.http;
  for (const { title, method } of gone) {
    findings.report("rest-route-removed", title, inBase(method.desc, { option }), title, rpcName(method));
  }
  for (const { title, method } of added) {
    findings.report("rest-route-added", title, inHead(method.desc, { option }), title, rpcName(method));
  }
  for (const pair of kept) {
    const [before, now] = [rpcName(pair.base.method), rpcName(pair.head.method)];
    // The rpc may have another name, if its messages are the same.
    if (before === now || messagesOf(pair.base.method.desc) === messagesOf(pair.head.method.desc)) continue;
    const { title, method } = pair.head;
    findings.report("rest-route-moved", title, inHead(method.desc, { option }), title, before, now);
  }
};

function messagesOf({ input, output }: { input: { typeName: string }; output: { typeName: string } }): string {
  return `${input.typeName} ${output.typeName}`;
}
