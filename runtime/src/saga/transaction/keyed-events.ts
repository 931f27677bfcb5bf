import type { RowReader, RowStore } from "../../store/ports/index.js";
import type { DeclaredSaga } from "./declared-sagas.js";
import { keepEarly, type ReceivedEvent } from "./early-events.js";

/** Gives an event to a saga, which may wait for it no longer. */
type Deliver = (id: string) => Promise<unknown>;

/**
 * Gives an event to all sagas that wait for it by a value of their data, or keeps it for the first one that will. Returns why it did
 * neither.
 *
 * A saga and an event never miss each other, although no transaction can read that there is no row of any saga. Both write, then look:
 *
 * - A saga that begins to wait writes its row in the key table and takes the event that is kept, in one transaction, which is committed
 *   only if the row of kept events is as it was read.
 * - An event that finds no saga is kept, or is ignored as late. Only after that commit it looks for sagas once more.
 *
 * So if the saga commits first, the second look finds it; if the event is kept first, the saga takes it. Both may happen: a saga has each
 * event once.
 *
 * An event that is read again reaches no further saga: a saga that has its event, or stops waiting, deletes its row in the key table and
 * notes in place of a kept event that later ones are ignored, in the transaction that does so.
 */
export async function receiveKeyed(
  rows: RowStore,
  saga: DeclaredSaga,
  received: ReceivedEvent,
  deliver: Deliver,
): Promise<"ended" | "unknown_saga" | undefined> {
  if (await deliverToAll(rows, saga, received, deliver)) return undefined;
  const ignored = await rows.transact((transaction) => keepEarly(transaction, saga, received));
  return (await deliverToAll(rows, saga, received, deliver)) ? undefined : ignored;
}

/** Returns whether a saga waits. */
async function deliverToAll(
  rows: Pick<RowReader, "scan">,
  { keys }: DeclaredSaga,
  { tenant, step, value }: ReceivedEvent,
  deliver: Deliver,
): Promise<boolean> {
  let isAny = false;
  for await (const ids of keys.waiting(rows, tenant, step.name, value)) {
    isAny = true;
    // If one rejects, the event is read again.
    await Promise.all(ids.map(deliver));
  }
  return isAny;
}
