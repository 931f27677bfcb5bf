import { DefaultQueryExecutor, DummyDriver, PostgresAdapter, Transaction } from "kysely";
import { SessionDialect } from "./dialect.js";
import { LazyCompiler } from "./lazy-compiler.js";
import { RunConnection, type RunQuery } from "./session-driver.js";

const driver = new DummyDriver();
const dialect = new SessionDialect(driver);
const adapter = new PostgresAdapter();
const compiler = new LazyCompiler();

/**
 * Creates a Kysely that passes all queries to one function, which qualifies and runs them. Its type cannot begin a
 * transaction, since the caller controls it. Cheap to create.
 */
export function createBoundKysely<DB>(run: RunQuery): Transaction<DB> {
  const connection = new RunConnection(run);
  const executor = new DefaultQueryExecutor(compiler, adapter, {
    provideConnection: (consumer) => consumer(connection),
  });
  return new Transaction<DB>({ config: { dialect }, driver, dialect, executor });
}
