import type { AppendRequest, CommandRecord, RowStore, Store } from "../store/ports/index.js";
import { extend } from "./extend.js";
import type { KeyRing } from "./key-ring.js";
import { type ContractMessages, PersonalContents } from "./personal-contents.js";
import { SealedEventStore } from "./sealed-event-store.js";
import { SealedRows } from "./sealed-rows.js";
import { Sealer } from "./sealer.js";

/** Returns rows whose transactions encrypt the events that they append, and the responses that they record. */
function withSealedAppends<R extends RowStore>(rows: R, events: SealedEventStore): R {
  const transact: RowStore["transact"] = (apply) =>
    rows.transact((transaction) => {
      const { append, record } = transaction;
      return apply(
        extend(transaction, {
          append: append && ((request: AppendRequest) => events.appendWithin(transaction, request)),
          record:
            record && ((tenant: string, command: CommandRecord) => events.recordWithin(transaction, tenant, command)),
        }),
      );
    });
  return extend(rows, { transact });
}

/** Returns a store that encrypts personal data. `keepsKeys`: the keys are in the store of the events. */
export type SealStore = (store: Store, ring: KeyRing, messages: ContractMessages, keepsKeys: boolean) => Store;

export const sealStore: SealStore = (store, ring, messages, keepsKeys) => {
  const contents = new PersonalContents(messages);
  const sealer = new Sealer(ring);
  const rows = contents.sealsRows ? new SealedRows(sealer) : undefined;
  const events = new SealedEventStore(store.events, sealer, contents, { rows, keepsKeys });
  const sealed = withSealedAppends(store.rows, events);
  if (rows === undefined) return extend(store, { events, rows: sealed });
  const inner = store.projections;
  const commit: typeof inner.commit = (move, apply) =>
    rows.write((within) => inner.commit(move, (transaction) => within(transaction, apply)));
  return extend(store, { events, rows: rows.store(sealed), projections: extend(inner, { commit }) });
};
