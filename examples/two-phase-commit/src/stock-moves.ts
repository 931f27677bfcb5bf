import type { HandlersPart } from "@potter/runtime";
import type { Coordinator, Participant } from "@potter/runtime/two-phase-commit";
import type { PoolConnection } from "mysql2/promise";
import type { PoolClient } from "pg";
import { StockService } from "../gen/warehouse/v1/warehouse_cqrs.js";

/** A rule of a table is broken: MariaDB's `ER_CONSTRAINT_FAILED`. mysql2 has the names of MySQL, where the number means something else. */
const constraintFailed = 4025;

/** The databases of the two warehouses, as participants of two-phase commit. */
export interface Warehouses {
  readonly north: Participant<PoolClient>;
  readonly south: Participant<PoolConnection>;
}

/** Moves stock. What the work throws rolls both databases back; what it returns commits both. */
export function stockMoves(coordinator: Coordinator, { north, south }: Warehouses): HandlersPart {
  return StockService.commands({
    moveStock: ({ sku, pieces }, { commandId }) => {
      const moved = coordinator.run(async (transaction) => {
        const from = await transaction.join(north);
        // A process may die after the commit, before the response is recorded: then the command runs again under the same id.
        const known = await from.query("SELECT FROM moves WHERE id = $1", [commandId]);
        if (known.rowCount !== 0) return {};
        const taken = await from.query("UPDATE stock SET pieces = pieces - $2 WHERE sku = $1 AND pieces >= $2", [
          sku,
          pieces,
        ]);
        if (taken.rowCount === 0) return StockService.reject.notEnoughStock({ sku });
        await from.query("INSERT INTO moves (id, sku, pieces) VALUES ($1, $2, $3)", [commandId, sku, pieces]);

        const to = await transaction.join(south);
        await to.query(
          "INSERT INTO stock (sku, pieces) VALUES (?, ?) ON DUPLICATE KEY UPDATE pieces = pieces + VALUES(pieces)",
          [sku, pieces],
        );
        return {};
      });
      return moved.catch((error: unknown) => {
        if ((error as { errno?: unknown }).errno !== constraintFailed) throw error;
        return StockService.reject.warehouseFull({ sku });
      });
    },
  });
}
