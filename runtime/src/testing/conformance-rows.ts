import type { RowCondition, RowStore, RowTable } from "../event-store/index.js";
import { rowCodec, type TestRow, tableOf } from "./conformance-messages.js";
import { expectEqual } from "./expectation.js";

export const table: RowTable = tableOf();
export const tenant = "t";

export async function put(rows: RowStore, ...given: readonly TestRow[]): Promise<void> {
  const { position } = await rows.register("fill", 1);
  const moved = await rows.commit(
    { name: "fill", version: 1, from: position, to: position + 1 },
    async (transaction) => {
      for (const row of given) await transaction.put(table, tenant, row.id, rowCodec.create(row));
    },
  );
  expectEqual("the move", moved, true);
}

export async function idsOf(
  rows: RowStore,
  conditions: readonly RowCondition[],
  after?: string,
  limit = 1000,
): Promise<readonly string[]> {
  const found = await rows.scan(table, tenant, { conditions, limit, ...(after !== undefined && { after }) });
  for (const { key, row } of found) expectEqual("the key of the row", (row as TestRow).id, key);
  return found.map(({ key }) => key);
}
