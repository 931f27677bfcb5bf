import type { SagaState } from "@potter/runtime";

/** One line about a saga: its status, that of each step, and why it failed. */
export function sagaText({ id, status, steps, failure }: SagaState): string {
  const reason = failure?.reason ?? failure?.code;
  const all = steps.map((step) => `${step.name} ${step.status}`).join(", ");
  return `${id} ${status}${reason === undefined ? "" : ` (${reason})`}: ${all}`;
}
