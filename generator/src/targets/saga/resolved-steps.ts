import type { ResolvedStepModel, SagaModel } from "../../model/index.js";

/** Returns the steps of a saga. A step with an error stops generation before any target runs. */
export function stepsOf({ steps }: SagaModel): readonly ResolvedStepModel[] {
  return steps.filter((step) => step.kind !== "unresolved");
}
