import type { EventStepDefinition } from "../declaration/index.js";
import type { SagaInstance } from "../machine/index.js";
import type { SagaRows } from "./coalesced-rows.js";
import type { DeclaredSaga } from "./declared-sagas.js";
import { noteEnded } from "./early-events.js";
import type { SagaKey } from "./saga-key.js";

/** A step, and the value by which its saga waits. */
export interface WaitingStep {
  readonly step: EventStepDefinition;
  readonly value: string;
}

/** Keeps the rows that say which sagas wait for events by a value of their data. Returns the steps that wait by a new value. */
export async function registerKeys(
  rows: SagaRows,
  saga: DeclaredSaga,
  { tenant, id }: SagaKey,
  before: SagaInstance | undefined,
  after: SagaInstance,
  now: number,
): Promise<readonly WaitingStep[]> {
  const begun: WaitingStep[] = [];
  for (const step of saga.keyed) {
    const was = before && waitsFor(step, before);
    const is = waitsFor(step, after);
    if (was === is) continue;
    if (was !== undefined) {
      const left = await change(rows, saga, tenant, step.name, was, (ids) => ids.filter((one) => one !== id));
      // An event that is read again must not be kept for another saga.
      if (left === 0 && is === undefined) await noteEnded(rows, saga, tenant, step, was, now);
    }
    if (is !== undefined) {
      await change(rows, saga, tenant, step.name, is, (ids) => [...new Set([...ids, id])]);
      begun.push({ step, value: is });
    }
  }
  return begun;
}

async function change(
  rows: SagaRows,
  { keys }: DeclaredSaga,
  tenant: string,
  step: string,
  value: string,
  next: (ids: readonly string[]) => readonly string[],
): Promise<number> {
  const key = keys.keyOf(step, value);
  const ids = next(keys.idsOf(await rows.get(keys.table, tenant, key)));
  if (ids.length === 0) await rows.delete(keys.table, tenant, key);
  else await rows.put(keys.table, tenant, key, keys.toRow(ids));
  return ids.length;
}

/** The value by which a saga waits for the event of a step; undefined: it does not wait, or has no value yet. */
function waitsFor({ name, key }: EventStepDefinition, { status, steps, data }: SagaInstance): string | undefined {
  if (status === "completed" || status === "compensated" || key === undefined) return undefined;
  const step = steps[name];
  if (step === undefined || (step.status !== "waiting" && step.status !== "running")) return undefined;
  return key(data as never) || undefined;
}
