import type { SagaStepModel } from "../../model/index.js";

/** Whether a step begins only when the pivot of its saga is done, in each version that has the step. */
export function isAfterPivot(step: SagaStepModel): boolean {
  const seen = new Set<SagaStepModel>();
  const open = [step];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    for (const before of one.after) {
      if (seen.has(before)) continue;
      if (before.pivot && hasVersionsOf(before, step)) return true;
      seen.add(before);
      open.push(before);
    }
  }
  return false;
}

function hasVersionsOf(pivot: SagaStepModel, step: SagaStepModel): boolean {
  const [first, last] = rangeOf(step);
  const [pivotFirst, pivotLast] = rangeOf(pivot);
  return pivotFirst <= first && last <= pivotLast;
}

function rangeOf({
  sinceVersion = 1,
  untilVersion = Number.POSITIVE_INFINITY,
}: SagaStepModel): readonly [number, number] {
  return [sinceVersion, untilVersion];
}
