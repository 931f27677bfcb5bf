import type { HttpBindingModel } from "@potter/generator";
import { pairElements } from "../../contract/index.js";
import { inHead } from "../../findings/index.js";
import { optionNumbers } from "../option-numbers.js";
import type { Rule } from "../rule.js";
import { routesOf, variablesOf } from "./routes.js";

/** Path, body and response of a route lead to the same fields. */
export const routeMapping: Rule = ({ base, head }, findings) => {
  for (const pair of pairElements(routesOf(base), routesOf(head), ({ key }) => key).kept) {
    const { title, method, binding } = pair.head;
    const old = pair.base.binding;
    const where = inHead(method.desc, { option: optionNumbers.http });
    const variables = variablesOf(old);
    for (const [at, now] of variablesOf(binding).entries()) {
      const before = variables[at];
      if (before === undefined || before === now) continue;
      findings.report("rest-variable-moved", `${title}: ${now}`, where, title, before, now);
    }
    if (old.body !== binding.body) {
      findings.report("rest-body-changed", title, where, title, bodyOf(old), bodyOf(binding));
    }
    if (old.responseBody !== binding.responseBody) {
      const texts = [old.responseBody ?? "the whole message", binding.responseBody ?? "the whole message"] as const;
      findings.report("rest-response-body-changed", title, where, title, ...texts);
    }
  }
};

function bodyOf({ body }: HttpBindingModel): string {
  return body === undefined ? "none" : body === "*" ? "the whole message" : body;
}
