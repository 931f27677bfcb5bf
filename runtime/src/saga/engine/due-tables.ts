import type { RowStore } from "../../store/ports/index.js";
import type { DeclaredSagas } from "../transaction/index.js";
import { type DeferredHost, handleKept } from "../transaction/index.js";
import type { DueTable } from "./due-poller.js";
import type { FinishedSagas } from "./finished-sagas.js";

/** The tables of sagas whose rows are due at times. */
export function toDueTables(
  host: DeferredHost,
  sagas: DeclaredSagas,
  rows: RowStore,
  finished: FinishedSagas,
  isFull: () => boolean,
): readonly DueTable[] {
  return [...sagas].flatMap(([type, saga]): DueTable[] => [
    {
      type,
      table: saga.table.table,
      async handle(key) {
        const ignored = await host.apply(key, { kind: "due" });
        if (ignored === "newer_version") return "foreign";
        if (ignored === "not_due" && isFull()) return "no_room";
        if (ignored === "ended") return finished.remove(key);
        return ignored === undefined;
      },
    },
    { type, table: saga.events.table, handle: (key) => handleKept(host, rows, saga, key) },
  ]);
}
