import type { RowStore, RowTransaction } from "../store/ports/index.js";

/** What was written to some tables. */
export interface WrittenRows {
  /** How often a row was written. */
  readonly count: number;
  /** The bytes of each of them. */
  readonly sizes: readonly number[];
}

/** Rows that count what transactions write. */
export class CountedRows {
  readonly rows: RowStore;
  private readonly written: { readonly table: string; readonly size: number }[] = [];

  constructor(inner: RowStore) {
    this.rows = {
      get: (...given) => inner.get(...given),
      scan: (...given) => inner.scan(...given),
      count: (...given) => inner.count(...given),
      due: (...given) => inner.due(...given),
      transact: (apply) => inner.transact((rows) => apply(this.counted(rows))),
    };
  }

  /** What was written to tables whose names begin with a text. */
  of(prefix: string): WrittenRows {
    const sizes = this.written.filter(({ table }) => table.startsWith(prefix)).map(({ size }) => size);
    return { count: sizes.length, sizes };
  }

  private counted(rows: RowTransaction): RowTransaction {
    const put: RowTransaction["put"] = (table, tenant, key, row) => {
      this.written.push({ table: table.name, size: table.codec.encode(row).length });
      return rows.put(table, tenant, key, row);
    };
    return new Proxy(rows, {
      get(target, name) {
        if (name === "put") return put;
        // Writes past `put`.
        if (name === "inMemory") return undefined;
        const value = Reflect.get(target, name, target) as unknown;
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  }
}
