import type { ReadModelDefinition } from "../../cqrs/index.js";
import type { RowKey, RowTable, RowTransaction } from "../../store/ports/index.js";
import type { RowWriter } from "./projection.js";

/** Reads a row, together with the rows that later events of the batch will need. */
export type ReadAhead = (wanted: RowKey) => Promise<void>;

/**
 * The rows of one read model and tenant, within one transaction. Changes run one after the other, in the order of the calls,
 * so that a projection need not await them; `settled` waits for all.
 */
export class TransactionRows implements RowWriter {
  /** Keys of the rows that were changed. */
  readonly changed: string[] = [];
  private readonly definition: ReadModelDefinition;
  private readonly table: RowTable;
  private readonly tenant: string;
  private readonly transaction: RowTransaction;
  private readonly ahead: ReadAhead | undefined;
  private last: Promise<unknown> | undefined;

  constructor(
    definition: ReadModelDefinition,
    table: RowTable,
    tenant: string,
    transaction: RowTransaction,
    ahead?: ReadAhead,
  ) {
    this.definition = definition;
    this.table = table;
    this.tenant = tenant;
    this.transaction = transaction;
    this.ahead = ahead;
  }

  get(key: unknown): Promise<unknown> {
    return this.enqueue(() => this.read(String(key)));
  }

  upsert(row: unknown): Promise<void> {
    return this.enqueue(() => this.put(this.definition.codec.create(row)));
  }

  update(key: unknown, change: unknown): Promise<void> {
    return this.enqueue(async () => {
      const row = await this.read(String(key));
      if (row === undefined) return;
      const changed = typeof change === "function" ? change(row) : { ...(row as object), ...(change as object) };
      await this.put(this.definition.codec.create(toInit(changed)));
    });
  }

  delete(key: unknown): Promise<void> {
    return this.enqueue(async () => {
      await this.transaction.delete(this.table, this.tenant, String(key));
      this.changed.push(String(key));
    });
  }

  /** Resolves when all changes are made; rejects with the first that failed. */
  settled(): Promise<unknown> {
    return this.last ?? Promise.resolve();
  }

  private async read(key: string): Promise<unknown> {
    const { ahead, table, tenant } = this;
    if (ahead !== undefined && this.transaction.missing(table, [{ tenant, key }]).length > 0) {
      await ahead({ tenant, key });
    }
    return this.transaction.get(table, tenant, key);
  }

  private async put(row: unknown): Promise<void> {
    const key = this.definition.key(row);
    await this.transaction.put(this.table, this.tenant, key, row);
    this.changed.push(key);
  }

  private enqueue<T>(work: () => Promise<T>): Promise<T> {
    const result = this.last === undefined ? work() : this.last.then(work);
    this.last = result;
    // `settled` reports the failure; a projection that does not await this promise must not crash the process.
    result.catch(() => {});
    return result;
  }
}

/** A copy without the type name of protobuf-es, with which a copied message would be taken for a real one. */
function toInit(value: object): object {
  const { $typeName: _, $unknown: __, ...init } = value as { $typeName?: unknown; $unknown?: unknown };
  return init;
}
