import type {
  Lease,
  ProjectionStore,
  RowCondition,
  RowReader,
  RowTable,
  RowTransaction,
  Store,
} from "../../store/ports/index.js";
import { expectEqual } from "../../testing/expectations/index.js";
import { rowCodec, type TestRow, tableOf } from "./test-messages.js";

export const table: RowTable = tableOf();
export const tenant = "t";

/** Writes rows by a step of a projection without events. Returns whether it was committed. */
export async function write(
  { projections }: Pick<Store, "projections">,
  apply: (transaction: RowTransaction) => Promise<void>,
): Promise<boolean> {
  const lease = await leaseOf(projections, "fill");
  return projections.commit({ ...lease, from: lease.position, to: lease.position + 1 }, async (transaction) => {
    await apply(transaction);
    return [];
  });
}

/** Acquires the first shard of the first version of a projection. */
export async function leaseOf(projections: ProjectionStore, name: string): Promise<Lease> {
  await projections.register({ name, version: 1, shards: 1 });
  const lease = await projections.acquire({ name, version: 1, generation: 1, shard: 0 }, "filler", 60_000);
  return lease as Lease;
}

export async function put(store: Pick<Store, "projections">, ...given: readonly TestRow[]): Promise<void> {
  const moved = await write(store, async (transaction) => {
    for (const row of given) await transaction.put(table, tenant, row.id, rowCodec.create(row));
  });
  expectEqual("the move", moved, true);
}

export async function idsOf(
  rows: RowReader,
  conditions: readonly RowCondition[],
  after?: string,
  limit = 1000,
): Promise<readonly string[]> {
  const found = await rows.scan(table, tenant, { conditions, limit, ...(after !== undefined && { after }) });
  for (const { key, row } of found) expectEqual("the key of the row", (row as TestRow).id, key);
  return found.map(({ key }) => key);
}
