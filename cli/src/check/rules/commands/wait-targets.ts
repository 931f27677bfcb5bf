import type { ServiceModel } from "@potter/generator";
import { type Contract, pairElements } from "../../contract/index.js";
import { inHead } from "../../findings/index.js";
import type { Rule } from "../rule.js";

/** Callers of a service can wait for the same read models. */
export const waitTargets: Rule = ({ base, head, readModels }, findings) => {
  // A read model that is gone is reported as such.
  const kept = new Set(readModels.kept.map((pair) => pair.head.desc.typeName));
  for (const pair of pairElements(servicesOf(base), servicesOf(head), ({ desc }) => desc.typeName).kept) {
    const now = exposedBy(pair.head, head);
    for (const name of exposedBy(pair.base, base)) {
      const service = pair.head.desc.typeName;
      if (kept.has(name) && !now.has(name))
        findings.report("wait-target-hidden", `${service}: ${name}`, inHead(pair.head.desc), service, name);
    }
  }
};

/** The read models that the callers of a service may name: its own, or those of all services if it has none. */
function exposedBy({ views }: ServiceModel, contract: Contract): ReadonlySet<string> {
  const exposed = views.length > 0 ? views : servicesOf(contract).flatMap((service) => service.views);
  return new Set(exposed.map(({ desc }) => desc.typeName));
}

function servicesOf({ model }: Contract): readonly ServiceModel[] {
  return model.files.flatMap(({ services }) => services);
}
