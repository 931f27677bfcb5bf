import type { SqlReaders, SqlRow, SqlStatement, SqlValue } from "../../sql/index.js";
import type { PgliteResult, PgliteSession } from "./database.js";
import { parsersOf, toLiteral, toParameter } from "./values.js";

/** What `PREPARE` takes. */
const preparable = /^\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b/i;

/** SQLSTATE of an unknown prepared statement. */
const unknownState = "26000";

/** Distinguishes the statements of all stores in one database. */
let count = 0;

/**
 * Runs named statements, each prepared once for the only connection of PGlite. `PGlite.query` parses and plans each call,
 * and exchanges six messages, which takes three times as long. PGlite has no method to prepare, so this sends `PREPARE` and
 * `EXECUTE`, with values as literals.
 */
export class PreparedStatements {
  private readonly names = new Map<string, string>();
  private readonly pending = new Map<string, Promise<string>>();

  /** Runs a statement outside of transactions. */
  async run(
    on: PgliteSession,
    statement: SqlStatement,
    values: readonly SqlValue[],
    readers?: SqlReaders,
  ): Promise<PgliteResult<SqlRow>> {
    const { text } = statement;
    if (!canPrepare(statement)) return runOnce(on, statement, values, readers);
    const name = this.names.get(text) ?? (await this.prepareOnce(on, statement));
    try {
      return await execute(on, name, values, readers);
    } catch (error) {
      if (!isUnprepared(error)) throw error;
      if (this.names.get(text) === name) this.names.delete(text);
      const again = this.names.get(text) ?? (await this.prepareOnce(on, statement));
      return execute(on, again, values, readers);
    }
  }

  /** Runs a statement within a transaction. */
  async runWithin(
    on: PgliteSession,
    statement: SqlStatement,
    values: readonly SqlValue[],
    readers?: SqlReaders,
  ): Promise<PgliteResult<SqlRow>> {
    if (!canPrepare(statement)) return runOnce(on, statement, values, readers);
    // Not what `pending` has: that waits until this transaction ends.
    const name = this.names.get(statement.text) ?? (await this.prepare(on, statement));
    return execute(on, name, values, readers);
  }

  /** All have to be prepared again. */
  forget(): void {
    this.names.clear();
  }

  /** Releases the memory that the database needs for them. */
  async deallocate(on: PgliteSession): Promise<void> {
    const names = [...this.names.values()];
    this.forget();
    if (names.length > 0) await on.exec(names.map((name) => `DEALLOCATE ${name}`).join("; "));
  }

  /** Callers at the same time share one. */
  private prepareOnce(on: PgliteSession, statement: SqlStatement): Promise<string> {
    const { text } = statement;
    const pending = this.pending.get(text);
    if (pending !== undefined) return pending;
    const preparing = this.prepare(on, statement).finally(() => this.pending.delete(text));
    this.pending.set(text, preparing);
    return preparing;
  }

  private async prepare(on: PgliteSession, { name, text }: SqlStatement): Promise<string> {
    const unique = `${name}_${count++}`;
    await on.exec(`PREPARE ${unique} AS ${text}`);
    this.names.set(text, unique);
    return unique;
  }
}

/** Whether an error says that prepared statements are gone: the user of a shared database has deallocated them. */
export function isUnprepared(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === unknownState;
}

function canPrepare({ name, text }: SqlStatement): boolean {
  return name !== undefined && preparable.test(text);
}

async function runOnce(
  on: PgliteSession,
  { text }: SqlStatement,
  values: readonly SqlValue[],
  readers?: SqlReaders,
): Promise<PgliteResult<SqlRow>> {
  return on.query<SqlRow>(text, values.map(toParameter), parsersOf(readers));
}

async function execute(
  on: PgliteSession,
  name: string,
  values: readonly SqlValue[],
  readers?: SqlReaders,
): Promise<PgliteResult<SqlRow>> {
  const parameters = values.length === 0 ? "" : `(${values.map(toLiteral).join(", ")})`;
  const [result] = await on.exec(`EXECUTE ${name}${parameters}`, parsersOf(readers));
  return result as PgliteResult<SqlRow>;
}
