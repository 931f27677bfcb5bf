import { optionNumbers, type SagaModel, type SagaStepModel } from "../model/index.js";
import type { Rule } from "./rule.js";

/** The steps of a saga have names of their own and wait for one another in no circle. */
export const sagaSteps: Rule = (model, diagnostics) => {
  for (const { desc, steps } of model.all.flatMap(({ sagas }) => sagas)) {
    const place = { desc, option: optionNumbers.saga };
    const names = new Set<string>();
    for (const { name } of steps) {
      if (names.has(name)) diagnostics.report("saga-step-name", { ...place, focus: `"${name}"` }, name, desc.name);
      names.add(name);
    }
    const circle = steps.filter((step) => ancestorsOf(step).has(step));
    if (circle.length > 0)
      diagnostics.report("saga-cycle", place, desc.name, circle.map(({ name }) => name).join(", "));
  }
};

/** Before the point of no return every step can be undone, and there is one such point at most. */
export const sagaPivot: Rule = (model, diagnostics) => {
  for (const saga of model.all.flatMap(({ sagas }) => sagas)) {
    const place = { desc: saga.desc, option: optionNumbers.saga };
    const pivots = saga.steps.filter(({ pivot }) => pivot);
    if (pivots.length > 1) {
      diagnostics.report("saga-pivots", place, saga.desc.name, pivots.map(({ name }) => name).join(", "));
    }
    const [pivot] = pivots;
    for (const { name } of stepsToUndo(saga, pivot).filter(({ compensable }) => !compensable)) {
      const focused = { ...place, focus: `"${name}"` };
      diagnostics.report("saga-step-without-compensation", focused, name, saga.desc.name, pivot?.name ?? "");
    }
  }
};

/** The steps that may be done when the saga turns back: all but the pivot and what comes after it. Without a pivot, all but the last of all. */
function stepsToUndo({ steps }: SagaModel, pivot: SagaStepModel | undefined): readonly SagaStepModel[] {
  if (pivot !== undefined) return steps.filter((step) => step !== pivot && !ancestorsOf(step).has(pivot));
  // Nothing can fail after the step that every other one precedes: it is never undone.
  return steps.filter((step) => !steps.every((other) => other === step || ancestorsOf(step).has(other)));
}

function ancestorsOf(step: SagaStepModel): ReadonlySet<SagaStepModel> {
  const found = new Set<SagaStepModel>();
  const visit = ({ after }: SagaStepModel) => {
    for (const before of after) {
      if (found.has(before)) continue;
      found.add(before);
      visit(before);
    }
  };
  visit(step);
  return found;
}
