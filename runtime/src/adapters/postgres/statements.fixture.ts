import { randomUUID } from "node:crypto";
import pg from "pg";
import { onTestFinished } from "vitest";
import { createSqlStore } from "../../sql/index.js";
import type { Store } from "../../store/ports/index.js";
import { url } from "./postgres.fixture.js";
import { PostgresDriver } from "./postgres-driver.js";

/** A store in its own schema, and the names of its statements. A transaction counts as `BEGIN`. */
export interface CountedStore {
  readonly store: Store;
  readonly statements: string[];
  readonly schema: string;
  /** A connection that bypasses the store. */
  readonly admin: pg.Client;
  /** Another store on the same schema. */
  peer(): Promise<Store>;
}

/** Opens a store that is closed when the test ends. */
export async function openCounted(): Promise<CountedStore> {
  const schema = `test_${randomUUID().replaceAll("-", "")}`;
  const driver = new PostgresDriver({ url: url ?? "", connections: 8 });
  const statements: string[] = [];
  const { query, transaction } = driver;
  driver.query = (statement, values) => {
    statements.push(statement.name ?? statement.text);
    return query.call(driver, statement, values);
  };
  driver.transaction = (work, options) => {
    statements.push("BEGIN");
    return transaction.call(driver, work, options) as never;
  };
  const stores = [createSqlStore(driver, { schema })];
  const [store] = stores as [Store];
  await store.start();
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  onTestFinished(async () => {
    for (const one of stores) await one.stop();
    await admin.query(`DROP SCHEMA ${schema} CASCADE`);
    await admin.end();
  });
  statements.length = 0;
  const peer = async () => {
    const other = createSqlStore(new PostgresDriver({ url: url ?? "", connections: 4 }), { schema });
    stores.push(other);
    await other.start();
    return other;
  };
  return { store, statements, schema, admin, peer };
}
