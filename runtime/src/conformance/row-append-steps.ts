import type { AppendingTransaction, AppendRequest, RowTable, RowTransaction } from "../store/ports/index.js";
import { commandOf, rowCodec, type TestRow, tableOf } from "./cases/index.js";

/** The table of rows that are written together with appends. */
export const appendTable: RowTable = tableOf();

/** Writes a row. */
export function put(rows: RowTransaction, key: string, amount = 1): Promise<void> {
  return rows.put(appendTable, "t", key, rowCodec.create({ id: key, amount: BigInt(amount) }));
}

/** The amount in a row; undefined: there is none. */
export async function amountIn(rows: Pick<RowTransaction, "get">, key: string): Promise<number | undefined> {
  const row = (await rows.get(appendTable, "t", key)) as TestRow | undefined;
  return row && Number(row.amount);
}

/** Appends if the transaction can. Returns whether it could. */
export async function tryAppend(rows: AppendingTransaction, ...requests: readonly AppendRequest[]): Promise<boolean> {
  if (rows.append === undefined) return false;
  for (const request of requests) await rows.append(request);
  return true;
}

export const withCommand = (id: string): Pick<AppendRequest, "command"> => ({ command: commandOf(id) });
