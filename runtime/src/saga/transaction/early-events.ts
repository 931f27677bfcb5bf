import type { RowStore } from "../../store/ports/index.js";
import type { EventStepDefinition } from "../declaration/index.js";
import type { SagaMessage } from "../machine/index.js";
import type { EarlyTable } from "../row/index.js";
import type { SagaRows } from "./coalesced-rows.js";
import type { DeclaredSaga } from "./declared-sagas.js";
import type { SagaKey } from "./saga-key.js";

/** An event of the log that a step may wait for. */
export interface ReceivedEvent {
  readonly tenant: string;
  readonly step: EventStepDefinition;
  /** What sagas are matched by. */
  readonly value: string;
  readonly event: unknown;
  /** The id of its stream. */
  readonly stream: string;
  /** By the store's clock. */
  readonly now: number;
}

/** Keeps an event that no saga waits for yet. Of several events by one value the first is kept. Returns why it was not kept. */
export async function keepEarly(
  rows: SagaRows,
  { events }: DeclaredSaga,
  { tenant, step, value, event, stream, now }: ReceivedEvent,
): Promise<"ended" | "unknown_saga" | undefined> {
  if (step.ignoreEarly || value === "") return "unknown_saga";
  const key = events.keyOf(step.name, value);
  const known = events.read(await rows.get(events.table, tenant, key), now);
  if (known !== undefined) return known.event === undefined ? "ended" : undefined;
  await rows.put(events.table, tenant, key, events.toRow(events.keep(step, event, stream, now)));
  return undefined;
}

/** A saga waits by this value no longer: for a while, events by it are ignored unless others wait. */
export async function noteEnded(
  rows: SagaRows,
  { events }: DeclaredSaga,
  tenant: string,
  { name, ignoreEarly }: EventStepDefinition,
  value: string,
  now: number,
): Promise<void> {
  if (ignoreEarly) return;
  const key = events.keyOf(name, value);
  rows.expectMissing?.(events.table, tenant, key);
  const known = events.read(await rows.get(events.table, tenant, key), now);
  // Many sagas may stop waiting together: transactions that only read this row do not exclude each other.
  if (known !== undefined && events.isNoted(known, now)) return;
  await rows.put(events.table, tenant, key, events.toRow(events.ended(now)));
}

/** Takes the event that was kept for a step, if there is one. Others by this value find the saga from now on. */
export async function takeEarly(
  rows: SagaRows,
  { events }: DeclaredSaga,
  tenant: string,
  step: EventStepDefinition,
  value: string,
  now: number,
): Promise<unknown> {
  const key = events.keyOf(step.name, value);
  rows.expectMissing?.(events.table, tenant, key);
  const row = await rows.get(events.table, tenant, key);
  if (row === undefined) return undefined;
  const known = events.read(row, now);
  // What notes that a saga waits no longer stays, since many may begin to wait together. It has no effect while one waits.
  if (known !== undefined && known.event === undefined) return undefined;
  await rows.delete(events.table, tenant, key);
  return known?.event && step.event.codec.decode(known.event);
}

/**
 * Keeps a message for a saga of a newer version: this process does not know its steps, and nobody would send the message again. The row is
 * due at once, for a process that knows them.
 */
export async function deferMessage(
  rows: SagaRows,
  { definition, events }: DeclaredSaga,
  { tenant, id }: SagaKey,
  message: SagaMessage,
  now: number,
): Promise<void> {
  if (message.kind === "compensate") {
    const key = events.deferredKeyOf("", id);
    if ((await rows.get(events.table, tenant, key)) === undefined) {
      await rows.put(events.table, tenant, key, events.toDeferredCompensation(id, now));
    }
    return;
  }
  if (message.kind !== "event" && message.kind !== "child_ended") return;
  const step = Object.values(definition.steps).find(({ name }) => name === message.step);
  const key = events.deferredKeyOf(message.step, id);
  if (step === undefined || (await rows.get(events.table, tenant, key)) !== undefined) return;
  // The data of a child saga is in its own row.
  const event = step.kind === "event" && message.kind === "event" ? message : undefined;
  await rows.put(events.table, tenant, key, events.toDeferredRow(id, step, event?.event, event?.stream ?? id, now));
}

/** Deletes what is too old. Returns whether it was. */
export function dropEarly(rows: RowStore, events: EarlyTable, { tenant, id }: SagaKey, now: number): Promise<boolean> {
  return rows.transact(async (transaction) => {
    const row = await transaction.get(events.table, tenant, id);
    if (row === undefined || events.read(row, now) !== undefined) return false;
    await transaction.delete(events.table, tenant, id);
    return true;
  });
}
