import type { RowStore } from "../../store/ports/index.js";
import type { SagaInstance, SagaMessage } from "../machine/index.js";
import type { DeferredRow } from "../row/index.js";
import type { DeclaredSaga } from "./declared-sagas.js";
import { dropEarly } from "./early-events.js";
import { answerOfChild } from "./related-sagas.js";
import type { SagaKey } from "./saga-key.js";
import type { StoreClock } from "./store-clock.js";
import type { Ignored } from "./transitions.js";

/** Finds sagas, and applies messages to them. */
export interface DeferredHost {
  readonly clock: StoreClock;
  readonly sagas: { has(type: string): boolean };
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
  const isHandled =
    kept.step === "" ? await compensate(host, { ...key, id: kept.id }) : await give(host, saga, key, kept);
  if (!isHandled) return "foreign";
  await rows.transact((transaction) => transaction.delete(table, key.tenant, key.id));
  return true;
}

/** Gives a saga what was kept for one of its steps. Returns whether this process could. */
async function give(host: DeferredHost, saga: DeclaredSaga, key: SagaKey, kept: DeferredRow): Promise<boolean> {
  const message = await toMessage(host, saga, key, kept);
  if (message === "foreign") return false;
  return message === undefined || (await host.apply({ ...key, id: kept.id }, message)) !== "newer_version";
}

/** Compensates a child saga, for its parent. Returns whether this process could. */
async function compensate(host: DeferredHost, key: SagaKey): Promise<boolean> {
  const parent = (await host.find(key))?.origin.parent;
  if (parent === undefined) return true;
  if (!host.sagas.has(parent.type)) return false;
  const parentKey = { ...key, type: parent.type, id: parent.id };
  const command = (await host.find(parentKey))?.steps[parent.step]?.commands[0];
  // Otherwise it has received it: this process has died before it deleted what was kept.
  if (command?.status !== "undoing") return true;
  const reason = await host.apply(key, { kind: "compensate" });
  if (reason === "newer_version") return false;
  const answer = answerOfChild(reason, parent.step);
  return answer === undefined || (await host.apply(parentKey, answer)) !== "newer_version";
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
