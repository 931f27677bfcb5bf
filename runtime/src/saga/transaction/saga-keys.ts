import type { EventStepDefinition } from "../declaration/index.js";
import { eventKey, hasEnded, type SagaInstance } from "../machine/index.js";
import type { SagaRows } from "./coalesced-rows.js";
import type { DeclaredSaga } from "./declared-sagas.js";
import { noteEnded } from "./early-events.js";
import type { SagaKey } from "./saga-key.js";

/** A step, and the value by which its saga waits. */
export interface WaitingStep {
  readonly step: EventStepDefinition;
  readonly value: string;
}

/** Keeps the rows that say for which events a saga waits by a value of its data. Returns the steps that wait by a new value. */
export async function registerKeys(
  rows: SagaRows,
  saga: DeclaredSaga,
  { tenant, id }: SagaKey,
  before: SagaInstance | undefined,
  after: SagaInstance,
  now: number,
): Promise<readonly WaitingStep[]> {
  const { keys } = saga;
  const begun: WaitingStep[] = [];
  for (const step of saga.keyed) {
    const was = before && waitsFor(step, before);
    const is = waitsFor(step, after);
    if (was === is) continue;
    if (was !== undefined) {
      await rows.delete(keys.table, tenant, keys.keyOf(step.name, was, id));
      // An event that is read again must not be kept for another saga.
      if (is === undefined) await noteEnded(rows, saga, tenant, step, was, now);
    }
    if (is !== undefined) {
      await rows.put(keys.table, tenant, keys.keyOf(step.name, is, id), keys.toRow(id));
      begun.push({ step, value: is });
    }
  }
  return begun;
}

/** The value by which a saga waits for the event of a step; undefined: it does not wait, has the event, or has no value yet. */
function waitsFor({ name, key }: EventStepDefinition, saga: SagaInstance): string | undefined {
  const step = saga.steps[name];
  if (key === undefined || step === undefined || hasEnded(saga) || saga.frozen.has(eventKey(name))) return undefined;
  if (step.status !== "waiting" && step.status !== "running") return undefined;
  return key(saga.data as never) || undefined;
}
