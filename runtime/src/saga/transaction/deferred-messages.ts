import type { RowStore } from "../../store/ports/index.js";
import type { SagaInstance, SagaMessage } from "../machine/index.js";
import type { DeferredRow } from "../row/index.js";
import type { DeclaredSaga } from "./declared-sagas.js";
import { dropEarly } from "./early-events.js";
import type { SagaKey } from "./saga-key.js";
import type { StoreClock } from "./store-clock.js";
import type { Ignored } from "./transitions.js";

/** Finds sagas, and applies messages to them. */
export interface DeferredHost {
  readonly clock: StoreClock;
  find(key: SagaKey): Promise<SagaInstance | undefined>;
  apply(key: SagaKey, message: SagaMessage): Promise<Ignored | undefined>;
}

/**
 * Gives what was kept to its saga, or deletes what is too old. Returns whether anything was done; `foreign`: the message is not for this
 * process either.
 */
export async function handleKept(
  host: DeferredHost,
  rows: RowStore,
  saga: DeclaredSaga,
  key: SagaKey,
): Promise<boolean | "foreign"> {
  const { table } = saga.events;
  const kept = saga.events.readDeferred(await rows.get(table, key.tenant, key.id));
  if (kept === undefined) return dropEarly(rows, saga.events, key, host.clock.now());
  const message = await toMessage(host, saga, key, kept);
  if (message === "foreign") return message;
  const ignored = message && (await host.apply({ ...key, id: kept.id }, message));
  if (ignored === "newer_version") return "foreign";
  await rows.transact((transaction) => transaction.delete(table, key.tenant, key.id));
  return true;
}

/** undefined: the saga needs it no longer. */
async function toMessage(
  host: DeferredHost,
  { definition }: DeclaredSaga,
  key: SagaKey,
  { id, step: name, event }: DeferredRow,
): Promise<SagaMessage | "foreign" | undefined> {
  const step = Object.values(definition.steps).find((one) => one.name === name);
  // Without the event, its data subject was erased.
  if (step?.kind === "event") return event && { kind: "event", step: name, event: step.event.codec.decode(event) };
  if (step?.kind !== "saga") return "foreign";
  const child = (await host.find({ ...key, id }))?.steps[name]?.child;
  const ended = child === undefined ? undefined : await host.find({ ...key, type: step.saga().name, id: child });
  if (ended?.status !== "completed" && ended?.status !== "compensated") return undefined;
  return { kind: "child_ended", step: name, status: ended.status, data: ended.data };
}
