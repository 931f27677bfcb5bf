import type { ReadModelDefinition } from "../cqrs/index.js";
import type { RowTable } from "../event-store/index.js";
import { TransactionRows } from "./rows.js";
import type { ProjectionTarget } from "./target.js";

/** The rows of a read model, kept by the store: where a projection writes unless it says otherwise. */
export function rowsTarget(definition: ReadModelDefinition, table: RowTable): ProjectionTarget<TransactionRows> {
  return {
    open(transaction, { stream }) {
      const rows = new TransactionRows(definition, table, stream.tenant, transaction);
      return { handle: rows, changed: rows.changed, settled: () => rows.settled() };
    },
  };
}
