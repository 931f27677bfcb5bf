import { optionNumbers } from "../../model/index.js";
import type { Rule } from "../rule.js";
import { ancestorsOf, placeOf } from "./steps.js";

/** The steps of a saga have distinct names, also in generated code, and their dependencies form no cycle. */
export const sagaSteps: Rule = (model, diagnostics) => {
  for (const saga of model.all.flatMap(({ sagas }) => sagas)) {
    const { desc, steps } = saga;
    const names = new Set<string>();
    const local = new Map<string, string>();
    for (const step of steps) {
      const { name, localName } = step;
      if (name === "") continue;
      const other = local.get(localName);
      if (names.has(name)) diagnostics.report("saga-step-name", placeOf(step, saga), name, desc.name);
      else if (other !== undefined) {
        diagnostics.report(
          "name-collision",
          placeOf(step, saga),
          `step "${other}"`,
          `step "${name}"`,
          localName,
          desc.name,
        );
      }
      names.add(name);
      local.set(localName, name);
    }
    const cycle = steps.filter((step) => ancestorsOf(step).has(step));
    if (cycle.length === 0) continue;
    const ref = { desc, option: optionNumbers.saga };
    diagnostics.report("saga-cycle", ref, desc.name, cycle.map(({ name }) => name).join(", "));
  }
};
