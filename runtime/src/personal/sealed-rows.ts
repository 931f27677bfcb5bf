import { andThen, isPromise, type MaybePromise } from "../async/index.js";
import { PotterError } from "../errors/index.js";
import { markErased, readFieldMarks } from "../message/index.js";
import type { RowCondition, RowReader, RowScan, RowStore, RowTable, RowTransaction } from "../store/ports/index.js";
import { extend } from "./extend.js";
import type { Keys } from "./key-ring.js";
import { isSealedRow, personalOf } from "./personal-contents.js";
import { type Place, Sealer } from "./sealer.js";
import { type StoredRow, stored, storedCodec, toStoredRow } from "./stored-row.js";
import { runWithKeys } from "./transaction-keys.js";

/** Runs work on the rows of a transaction in clear text. */
export type WithinRows = <T>(transaction: RowTransaction, work: (rows: RowTransaction) => Promise<T>) => Promise<T>;

/** Encrypts and decrypts the personal fields of rows that name a subject. Other rows stay as they are. */
export class SealedRows {
  private readonly sealer: Sealer;

  constructor(sealer: Sealer) {
    this.sealer = sealer;
  }

  /** Returns the store's rows in clear text. */
  store<R extends RowStore>(inner: R): R {
    const get: RowReader["get"] = (table, tenant, key) => this.get(inner, table, tenant, key);
    const scan: RowReader["scan"] = (table, tenant, request) => this.scan(inner, table, tenant, request);
    const count: RowReader["count"] = (table, tenant, conditions) => {
      checkConditions(table, conditions);
      return inner.count(table, tenant, conditions);
    };
    // Transactions hold no connection, so missing keys are created at once.
    const transact: RowStore["transact"] = (apply) => inner.transact((rows) => apply(this.open(rows)));
    return extend(inner, { get, scan, count, transact });
  }

  /** Returns a transaction that holds no connection with rows in clear text. They are encrypted under these keys. */
  detached(transaction: RowTransaction, keys: Keys): RowTransaction {
    return new SealedRows(new Sealer(this.sealer.ring, keys)).open(transaction);
  }

  /**
   * Runs a transaction of a store; `run` accesses rows through `within`. It runs again if keys have to be created first.
   */
  write<T>(run: (within: WithinRows) => Promise<T>): Promise<T> {
    const { ring } = this.sealer;
    return runWithKeys(ring, (withKeys) =>
      run((transaction, work) =>
        withKeys(transaction, (keys) => work(new SealedRows(new Sealer(ring, keys)).open(transaction))),
      ),
    );
  }

  /** Returns the transaction with rows in clear text. Its other members are unchanged. */
  private open<T extends RowTransaction>(transaction: T): T {
    const get: RowTransaction["get"] = (table, tenant, key) => this.get(transaction, table, tenant, key);
    const put: RowTransaction["put"] = async (table, tenant, key, row) => {
      if (!isSealedRow(table.codec)) return transaction.put(table, tenant, key, row);
      const sealed = this.seal(table, tenant, key, row);
      const bytes = isPromise(sealed) ? await sealed : sealed;
      return transaction.put(asStored(table), tenant, key, toStoredRow(table.codec, row, bytes));
    };
    // Rows in memory would be stored in clear text.
    return extend(transaction, { get, put, inMemory: undefined });
  }

  private async get(rows: Pick<RowReader, "get">, table: RowTable, tenant: string, key: string): Promise<unknown> {
    if (!isSealedRow(table.codec)) return rows.get(table, tenant, key);
    const row = await rows.get(asStored(table), tenant, key);
    if (row === undefined) return undefined;
    const decrypted = this.decrypt(table, tenant, [{ key, row }]);
    return (isPromise(decrypted) ? await decrypted : decrypted)[0]?.row;
  }

  private async scan(
    rows: RowReader,
    table: RowTable,
    tenant: string,
    request: RowScan,
  ): Promise<readonly { readonly key: string; readonly row: unknown }[]> {
    if (!isSealedRow(table.codec)) return rows.scan(table, tenant, request);
    checkConditions(table, request.conditions);
    return this.decrypt(table, tenant, await rows.scan(asStored(table), tenant, request));
  }

  /** Encodes synchronously, since the caller may change its message afterwards. */
  private seal(table: RowTable, tenant: string, key: string, row: unknown): MaybePromise<Uint8Array> {
    const { codec } = table;
    const personal = personalOf(codec, row);
    const bytes = codec.encode(row);
    if (personal?.subject === undefined) return bytes;
    // A row is derived from events, so the data of an erased subject is omitted rather than refused.
    return this.sealer.seal(personal.plan, bytes, personal.subject, placeOf(table, tenant, key), "leave out");
  }

  private decrypt(
    table: RowTable,
    tenant: string,
    rows: readonly { readonly key: string; readonly row: unknown }[],
  ): MaybePromise<readonly { readonly key: string; readonly row: unknown }[]> {
    const opened = this.sealer.open(
      rows.map(({ key, row }) => ({ bytes: (row as StoredRow)[stored], place: placeOf(table, tenant, key) })),
    );
    return andThen(opened, (all) =>
      rows.map(({ key }, i) => {
        const { bytes, erased } = all[i] as (typeof all)[number];
        const row = table.codec.decode(bytes);
        return { key, row: erased ? markErased(row) : row };
      }),
    );
  }
}

function asStored(table: RowTable): RowTable {
  return { ...table, codec: storedCodec(table.codec) };
}

function checkConditions({ name, codec }: RowTable, conditions: readonly RowCondition[]): void {
  if (conditions.length === 0 || !isSealedRow(codec)) return;
  for (const { field } of conditions) {
    const found = codec.schema.fields.find((candidate) => candidate.name === field);
    if (found === undefined || !readFieldMarks(found).personal) continue;
    throw new PotterError(
      "unimplemented",
      `${name} cannot be filtered by ${field}: it is personal, so its values are stored encrypted`,
    );
  }
}

function placeOf({ name }: RowTable, tenant: string, key: string): Place {
  return { tenant, owner: "", parts: ["row", tenant, name, key], describe: () => `a row of ${name}` };
}
