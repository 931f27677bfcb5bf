import type { Diagnostics } from "../../diagnostics/index.js";
import { optionNumbers, type SagaModel, type SagaStepModel } from "../../model/index.js";
import type { Rule } from "../rule.js";
import { ancestorsOf, placeOf, titleOf, versionsOf } from "./steps.js";

/**
 * Each version of a saga has at most one pivot (point of no return). Each step that may have to be undone can be undone, and
 * nothing is compensated after the pivot.
 */
export const sagaPivot: Rule = (model, diagnostics) => {
  for (const saga of model.all.flatMap(({ sagas }) => sagas)) checkSaga(saga, diagnostics);
};

function checkSaga(saga: SagaModel, diagnostics: Diagnostics): void {
  const undoneNames = new Set<string>();
  const forward = new Map<SagaStepModel, SagaStepModel>();
  for (const { steps } of versionsOf(saga)) {
    const pivots = steps.filter(({ pivot }) => pivot);
    if (pivots.length > 1) {
      const ref = { desc: saga.desc, option: optionNumbers.saga };
      diagnostics.report("saga-pivots", ref, saga.desc.name, pivots.map(({ name }) => name).join(", "));
    }
    const [pivot] = pivots;
    const undone = new Set(stepsToUndo(steps, pivot));
    for (const step of undone) {
      undoneNames.add(step.name);
      checkUndone(saga, step, pivot, diagnostics);
    }
    if (pivot === undefined) continue;
    for (const step of steps) if (step !== pivot && !undone.has(step)) forward.set(step, pivot);
  }
  for (const [step, pivot] of forward) {
    if (step.timeout !== undefined && step.onTimeout === "compensate") {
      diagnostics.report("saga-timeout-after-pivot", placeOf(step, saga), titleOf(step, saga), pivot.name);
    }
    // Another version may have the step before its pivot.
    if (undoneNames.has(step.name) || step.kind !== "command") continue;
    if (step.retry.isLimited) {
      diagnostics.report("saga-attempts-after-pivot", placeOf(step, saga), titleOf(step, saga), pivot.name);
    }
    if (step.compensation === undefined) continue;
    diagnostics.report("saga-after-pivot", placeOf(step, saga), titleOf(step, saga), pivot.name);
  }
}

/**
 * Returns the steps that may have completed when the saga compensates: all except the pivot and its successors. Without a pivot,
 * all except a last step that follows every other one.
 */
function stepsToUndo(steps: readonly SagaStepModel[], pivot: SagaStepModel | undefined): readonly SagaStepModel[] {
  if (pivot !== undefined) return steps.filter((step) => step !== pivot && !ancestorsOf(step).has(pivot));
  // No step can fail after the one that follows all others, so it is never undone.
  return steps.filter((step) => {
    const before = ancestorsOf(step);
    return !steps.every((other) => other === step || before.has(other));
  });
}

function checkUndone(
  saga: SagaModel,
  step: SagaStepModel,
  pivot: SagaStepModel | undefined,
  diagnostics: Diagnostics,
): void {
  if (step.kind === "command" && !step.compensable) {
    const args = [step.name, saga.desc.name, pivot?.name ?? ""] as const;
    diagnostics.report("saga-step-without-compensation", placeOf(step, saga), ...args);
  }
  if (step.kind !== "saga") return;
  const obstacle = findObstacle(step.saga);
  if (obstacle === undefined) return;
  const args = [titleOf(step, saga), step.saga.desc.name, obstacle] as const;
  diagnostics.report("saga-child-without-compensation", placeOf(step, saga), ...args);
}

/** Returns why a complete saga cannot be undone; undefined if it can. */
function findObstacle(saga: SagaModel, seen: ReadonlySet<SagaModel> = new Set()): string | undefined {
  if (seen.has(saga)) return undefined;
  for (const step of saga.steps) {
    if (step.pivot) return `${titleOf(step, saga)} is a pivot`;
    if (step.kind === "command" && !step.compensable) return `${titleOf(step, saga)} has no compensation`;
    const inner = step.kind === "saga" ? findObstacle(step.saga, new Set([...seen, saga])) : undefined;
    if (inner !== undefined) return inner;
  }
  return undefined;
}
