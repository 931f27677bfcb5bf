import type { ReadModelDefinition } from "../../cqrs/index.js";
import type { RowKey, RowsInMemory, RowTable, RowTransaction } from "../../store/ports/index.js";
import type { RowWriter } from "./projection.js";

/** Reads a row, together with the rows that later events of the batch will need. */
export type ReadAhead = (wanted: RowKey) => Promise<void>;

const done: Promise<void> = Promise.resolve();

/**
 * The rows of one read model and tenant, within one transaction. Changes run one after the other, in the order of the calls,
 * so that a projection need not await them; `settled` waits for all. What needs no read runs at once, unless an earlier change waits
 * for one.
 */
export class TransactionRows implements RowWriter {
  /** Keys of the rows that were changed. */
  readonly changed: string[] = [];
  private readonly definition: ReadModelDefinition;
  private readonly table: RowTable;
  private readonly tenant: string;
  private readonly transaction: RowTransaction;
  private readonly ahead: ReadAhead | undefined;
  /** Ends with the last of the calls that had to wait, or with the failure of one that had not. */
  private last: Promise<unknown> | undefined;
  /** Calls that have not ended. */
  private waiting = 0;
  private hasFailed = false;

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
    try {
      const known = this.memory?.find(this.table, this.tenant, String(key));
      if (known !== undefined) return Promise.resolve(known.row);
    } catch (error) {
      return this.fail(error);
    }
    return this.enqueue(() => this.read(String(key)));
  }

  upsert(row: unknown): Promise<void> {
    if (this.memory === undefined) return this.enqueue(() => this.put(this.definition.codec.create(row)));
    try {
      this.putNow(this.definition.codec.create(row));
      return done;
    } catch (error) {
      return this.fail(error);
    }
  }

  update(key: unknown, change: unknown): Promise<void> {
    try {
      const known = this.memory?.find(this.table, this.tenant, String(key));
      if (known !== undefined) {
        if (known.row !== undefined) this.putNow(this.changedBy(known.row, change));
        return done;
      }
    } catch (error) {
      return this.fail(error);
    }
    return this.enqueue(async () => {
      const row = await this.read(String(key));
      if (row !== undefined) await this.put(this.changedBy(row, change));
    });
  }

  delete(key: unknown): Promise<void> {
    const { memory, table, tenant } = this;
    if (memory !== undefined) {
      memory.delete(table, tenant, String(key));
      this.changed.push(String(key));
      return done;
    }
    return this.enqueue(async () => {
      await this.transaction.delete(table, tenant, String(key));
      this.changed.push(String(key));
    });
  }

  /** Resolves when all changes are made; rejects with the first that failed. undefined: all are made. */
  settled(): Promise<unknown> | undefined {
    return this.last;
  }

  /** The rows in memory, while no earlier call waits. */
  private get memory(): RowsInMemory | undefined {
    return this.waiting > 0 || this.hasFailed ? undefined : this.transaction.inMemory;
  }

  private changedBy(row: unknown, change: unknown): unknown {
    const changed = typeof change === "function" ? change(row) : { ...(row as object), ...(change as object) };
    return this.definition.codec.create(toInit(changed));
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

  private putNow(row: unknown): void {
    const key = this.definition.key(row);
    this.transaction.inMemory?.put(this.table, this.tenant, key, row);
    this.changed.push(key);
  }

  /** Fails this call, and with it all later ones. */
  private fail(error: unknown): Promise<never> {
    return this.enqueue(() => Promise.reject(error));
  }

  private enqueue<T>(work: () => Promise<T>): Promise<T> {
    const result = this.last === undefined ? work() : this.last.then(work);
    this.last = result;
    this.waiting++;
    // `settled` reports the failure; a projection that does not await this promise must not crash the process.
    result.then(
      () => {
        this.waiting--;
      },
      () => {
        this.waiting--;
        this.hasFailed = true;
      },
    );
    return result;
  }
}

/** A copy without the type name of protobuf-es, with which a copied message would be taken for a real one. */
function toInit(value: object): object {
  const { $typeName: _, $unknown: __, ...init } = value as { $typeName?: unknown; $unknown?: unknown };
  return init;
}
