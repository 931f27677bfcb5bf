import type { Rule } from "../rule.js";
import { placeOf, titleOf } from "./steps.js";

/** A step does not wait as long as the whole saga may take: its timeout, or its end, would never come. */
export const sagaDeadline: Rule = (model, diagnostics) => {
  for (const saga of model.all.flatMap(({ sagas }) => sagas)) {
    const { deadline } = saga;
    if (deadline === undefined) continue;
    for (const step of saga.steps) {
      const delay = step.kind === "timer" && typeof step.time === "number" ? step.time : undefined;
      for (const [option, time] of [
        ["timeout", step.timeout],
        ["delay", delay],
      ] as const) {
        if (time === undefined || time < deadline) continue;
        diagnostics.report("saga-deadline", placeOf(step, saga), option, titleOf(step, saga), saga.desc.name);
      }
    }
  }
};
