import { optionNumbers, type SagaModel, type SagaStepModel } from "../model/index.js";
import type { Rule } from "./rule.js";

/** The steps of a saga have distinct names, and their dependencies form no cycle. */
export const sagaSteps: Rule = (model, diagnostics) => {
  for (const { desc, steps } of model.all.flatMap(({ sagas }) => sagas)) {
    const ref = { desc, option: optionNumbers.saga };
    const names = new Set<string>();
    for (const { name } of steps) {
      if (names.has(name)) diagnostics.report("saga-step-name", { ...ref, focus: `"${name}"` }, name, desc.name);
      names.add(name);
    }
    const cycle = steps.filter((step) => ancestorsOf(step).has(step));
    if (cycle.length > 0) diagnostics.report("saga-cycle", ref, desc.name, cycle.map(({ name }) => name).join(", "));
  }
};

/** A saga has at most one pivot (point of no return), and each step that may have to be undone has a compensation. */
export const sagaPivot: Rule = (model, diagnostics) => {
  for (const saga of model.all.flatMap(({ sagas }) => sagas)) {
    const ref = { desc: saga.desc, option: optionNumbers.saga };
    const pivots = saga.steps.filter(({ pivot }) => pivot);
    if (pivots.length > 1) {
      diagnostics.report("saga-pivots", ref, saga.desc.name, pivots.map(({ name }) => name).join(", "));
    }
    const [pivot] = pivots;
    for (const { name } of stepsToUndo(saga, pivot).filter(({ compensable }) => !compensable)) {
      const focused = { ...ref, focus: `"${name}"` };
      diagnostics.report("saga-step-without-compensation", focused, name, saga.desc.name, pivot?.name ?? "");
    }
  }
};

/**
 * Returns the steps that may have completed when the saga compensates: all except the pivot and its successors. Without a pivot,
 * all except a last step that follows every other one.
 */
function stepsToUndo({ steps }: SagaModel, pivot: SagaStepModel | undefined): readonly SagaStepModel[] {
  if (pivot !== undefined) return steps.filter((step) => step !== pivot && !ancestorsOf(step).has(pivot));
  // No step can fail after the one that follows all others, so it is never undone.
  return steps.filter((step) => !steps.every((other) => other === step || ancestorsOf(step).has(other)));
}

function ancestorsOf(step: SagaStepModel): ReadonlySet<SagaStepModel> {
  const found = new Set<SagaStepModel>();
  const visit = ({ after }: SagaStepModel) => {
    for (const predecessor of after) {
      if (found.has(predecessor)) continue;
      found.add(predecessor);
      visit(predecessor);
    }
  };
  visit(step);
  return found;
}
