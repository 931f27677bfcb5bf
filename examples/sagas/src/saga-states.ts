import type { SagaState } from "@potter/runtime";

/** One line about a saga: its status, that of each step, and why it failed. */
export function sagaText({ id, status, steps, failure }: SagaState): string {
  const reason = failure?.reason ?? failure?.code;
  const all = steps.map((step) => `${step.name} ${step.status}`).join(", ");
  return `${id} ${status}${reason === undefined ? "" : ` (${reason})`}: ${all}`;
}

/** Waits until a saga is in such a state. */
export async function until<Data>(
  states: AsyncIterable<SagaState<Data>>,
  isReached: (state: SagaState<Data>) => boolean,
): Promise<SagaState<Data>> {
  for await (const state of states) if (isReached(state)) return state;
  throw new Error("the saga is no longer watched");
}

/** Whether a step has this status. */
export const hasStep =
  (name: string, status: string) =>
  ({ steps }: SagaState): boolean =>
    steps.some((step) => step.name === name && step.status === status);

/** Whether a saga will do nothing more. */
export const hasEnded = ({ status }: SagaState): boolean => status === "completed" || status === "compensated";
