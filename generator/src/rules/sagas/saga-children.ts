import type { SagaModel } from "../../model/index.js";
import type { Rule } from "../rule.js";
import { placeOf, titleOf } from "./steps.js";

/** No saga starts itself, directly or through sagas that it starts. */
export const sagaChildren: Rule = (model, diagnostics) => {
  for (const saga of model.all.flatMap(({ sagas }) => sagas)) {
    for (const step of saga.steps) {
      const path = step.kind === "saga" ? findPath(step.saga, saga) : undefined;
      if (path === undefined) continue;
      const names = [saga, ...path].map(({ desc }) => desc.name).join(" → ");
      diagnostics.report("saga-child-cycle", placeOf(step, saga), titleOf(step, saga), names);
    }
  }
};

/** Returns the shortest chain of sagas of which each starts the next, from one to another, both inclusive. */
function findPath(from: SagaModel, to: SagaModel): readonly SagaModel[] | undefined {
  const seen = new Set([from]);
  let paths: (readonly SagaModel[])[] = [[from]];
  while (paths.length > 0) {
    const found = paths.find((path) => path.at(-1) === to);
    if (found !== undefined) return found;
    paths = paths.flatMap((path) =>
      (path.at(-1)?.steps ?? []).flatMap((step) => {
        if (step.kind !== "saga" || (seen.has(step.saga) && step.saga !== to)) return [];
        seen.add(step.saga);
        return [[...path, step.saga]];
      }),
    );
  }
  return undefined;
}
