import type { RowTransaction } from "../../store/ports/index.js";
import type { EventStepDefinition } from "../declaration/index.js";
import type { SagaInstance } from "../machine/index.js";
import type { DeclaredSaga } from "./declared-sagas.js";
import type { SagaKey } from "./saga-key.js";

/** Keeps the rows that say which sagas wait for events by a value of their data. */
export async function registerKeys(
  rows: RowTransaction,
  saga: DeclaredSaga,
  { tenant, id }: SagaKey,
  before: SagaInstance | undefined,
  after: SagaInstance,
): Promise<void> {
  for (const step of saga.keyed) {
    const was = before && waitsFor(step, before);
    const is = waitsFor(step, after);
    if (was === is) continue;
    if (was !== undefined) await change(rows, saga, tenant, step.name, was, (ids) => ids.filter((one) => one !== id));
    if (is !== undefined) await change(rows, saga, tenant, step.name, is, (ids) => [...new Set([...ids, id])]);
  }
}

async function change(
  rows: RowTransaction,
  { keys }: DeclaredSaga,
  tenant: string,
  step: string,
  value: string,
  next: (ids: readonly string[]) => readonly string[],
): Promise<void> {
  const key = keys.keyOf(step, value);
  const ids = next(keys.idsOf(await rows.get(keys.table, tenant, key)));
  if (ids.length === 0) await rows.delete(keys.table, tenant, key);
  else await rows.put(keys.table, tenant, key, keys.toRow(ids));
}

/** The value by which a saga waits for the event of a step; undefined: it does not wait, or has no value yet. */
function waitsFor({ name, key }: EventStepDefinition, { status, steps, data }: SagaInstance): string | undefined {
  if (status === "completed" || status === "compensated" || key === undefined) return undefined;
  const step = steps[name];
  if (step === undefined || (step.status !== "waiting" && step.status !== "running")) return undefined;
  return key(data as never) || undefined;
}
