import { optionNumbers, type SagaModel, type SagaStepModel } from "../../model/index.js";

/** For messages: `step "charge" of Checkout`. */
export function titleOf(step: SagaStepModel, { desc }: SagaModel): string {
  return `step "${step.name}" of ${desc.name}`;
}

/** Where errors of a step are reported. */
export function placeOf(step: SagaStepModel, { desc }: SagaModel) {
  return { desc, option: optionNumbers.saga, focus: `"${step.name}"`, key: "name" };
}

/** Returns the steps that a step waits for, directly or indirectly; itself only in a cycle. */
export function ancestorsOf(step: SagaStepModel): ReadonlySet<SagaStepModel> {
  const found = new Set<SagaStepModel>();
  const waiting = [...step.after];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    waiting.push(...next.after);
  }
  return found;
}

/** Whether a version of the saga has a step. */
export function isIn(version: number, { sinceVersion = 1, untilVersion = Number.POSITIVE_INFINITY }: SagaStepModel) {
  return sinceVersion <= version && version <= untilVersion;
}

/** A version of a saga, and the steps that it has: each waits only for steps of the version. */
export interface SagaVersion {
  readonly version: number;
  readonly steps: readonly SagaStepModel[];
}

/** Returns the versions of a saga with different steps: of those with the same steps, the oldest. The last is the newest. */
export function versionsOf({ steps, version }: SagaModel): readonly SagaVersion[] {
  const starts = steps.flatMap(({ sinceVersion = 1, untilVersion = 0 }) => [sinceVersion, untilVersion + 1]);
  const distinct = [...new Set([1, ...starts])].filter((one) => one <= version).sort((a, b) => a - b);
  return distinct.map((one) => ({ version: one, steps: stepsOf(steps, one) }));
}

function stepsOf(steps: readonly SagaStepModel[], version: number): readonly SagaStepModel[] {
  const own = steps.filter((step) => isIn(version, step));
  if (own.length === steps.length) return steps;
  const copies = new Map(own.map((step) => [step, { ...step, after: [] as SagaStepModel[] }]));
  for (const [step, copy] of copies) copy.after = step.after.flatMap((before) => copies.get(before) ?? []);
  return [...copies.values()];
}
