import { DefaultQueryExecutor, DummyDriver, PostgresAdapter, Transaction } from "kysely";
import { SessionDialect } from "./dialect.js";
import { LazyCompiler } from "./lazy-compiler.js";
import { RunConnection, type RunQuery } from "./session-driver.js";

const driver = new DummyDriver();
const dialect = new SessionDialect(driver);
const adapter = new PostgresAdapter();
const compiler = new LazyCompiler();

/**
 * Kysely whose queries all go through one function, which places and runs them. Of the kind that cannot begin a
 * transaction: whoever made it decides where one begins and ends. Cheap to make.
 */
export function createBoundKysely<DB>(run: RunQuery): Transaction<DB> {
  const connection = new RunConnection(run);
  const executor = new DefaultQueryExecutor(compiler, adapter, {
    provideConnection: (consumer) => consumer(connection),
  });
  return new Transaction<DB>({ config: { dialect }, driver, dialect, executor });
}
