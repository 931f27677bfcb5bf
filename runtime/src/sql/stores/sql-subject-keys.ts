import { checkLimit, checkSubject } from "../../store/checks/index.js";
import type { RowTransaction, SubjectId, SubjectKey, SubjectKeyStore, WrappedKey } from "../../store/ports/index.js";
import {
  getStoreLocation,
  retryTransient,
  type Schema,
  type SqlDriver,
  type SqlRow,
  type SqlSession,
} from "../driver/index.js";
import { sessionOf } from "../rows/index.js";
import { escapeNul, unescapeNul } from "../values/index.js";

const columns = "generation, key, wrapped_by, erased_at IS NOT NULL AS erased";

/** Keys of data subjects. */
export class SqlSubjectKeys implements SubjectKeyStore {
  private readonly driver: SqlDriver;
  private readonly sql: Readonly<
    Record<"find" | "create" | "erase" | "eraseUnknown" | "readmit" | "list" | "rewrap", string>
  >;

  constructor(driver: SqlDriver, { sql }: Schema) {
    this.driver = driver;
    const table = `${sql}.subject_keys`;
    this.sql = {
      find: `SELECT u.n, ${columns} FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS u (tenant, subject, n)
        JOIN ${table} k ON k.tenant = u.tenant AND k.subject = u.subject`,
      create: `WITH made AS (
          INSERT INTO ${table} AS k (tenant, subject, key, wrapped_by) VALUES ($1, $2, $3, $4)
          ON CONFLICT (tenant, subject) DO UPDATE
          SET key = excluded.key, wrapped_by = excluded.wrapped_by, created_at = excluded.created_at
          WHERE k.key IS NULL AND k.erased_at IS NULL
          RETURNING ${columns}
        )
        SELECT * FROM made
        UNION ALL SELECT ${columns} FROM ${table} WHERE tenant = $1 AND subject = $2 AND NOT EXISTS (SELECT FROM made)`,
      // The existence of the key is read under the row lock: of two concurrent erasures, one reports the deletion.
      erase: `UPDATE ${table} k SET key = NULL, wrapped_by = '', erased_at = coalesce(k.erased_at, clock_timestamp())
        FROM (SELECT tenant, subject, key IS NOT NULL AS had FROM ${table} WHERE tenant = $1 AND subject = $2 FOR UPDATE) AS known
        WHERE k.tenant = known.tenant AND k.subject = known.subject RETURNING known.had`,
      eraseUnknown: `INSERT INTO ${table} (tenant, subject, erased_at) VALUES ($1, $2, clock_timestamp())
        ON CONFLICT DO NOTHING RETURNING false AS had`,
      readmit: `UPDATE ${table} SET generation = generation + 1, erased_at = NULL
        WHERE tenant = $1 AND subject = $2 AND erased_at IS NOT NULL RETURNING true AS done`,
      list: `SELECT tenant, subject, ${columns} FROM ${table}
        WHERE key IS NOT NULL AND ($1::text IS NULL OR (tenant, subject) > ($1, $2)) ORDER BY tenant, subject LIMIT $3`,
      rewrap: `UPDATE ${table} SET key = $5, wrapped_by = $6
        WHERE tenant = $1 AND subject = $2 AND generation = $3 AND wrapped_by = $4 AND key IS NOT NULL RETURNING true AS done`,
    };
  }

  async find(subjects: readonly SubjectId[], within?: RowTransaction): Promise<readonly (SubjectKey | undefined)[]> {
    const values = [subjects.map(({ tenant }) => escapeNul(tenant)), subjects.map(({ subject }) => escapeNul(subject))];
    const statement = { name: "potter_find_keys", text: this.sql.find, repeatable: true };
    const rows = await this.sessionWithin(within).query(statement, values);
    const found = new Array<SubjectKey | undefined>(subjects.length).fill(undefined);
    for (const row of rows) found[Number(row["n"]) - 1] = toSubjectKey(row);
    return found;
  }

  async create(subject: SubjectId, { key, wrappedBy }: WrappedKey): Promise<SubjectKey> {
    checkSubject(subject);
    const statement = { name: "potter_create_key", text: this.sql.create, repeatable: true };
    for (;;) {
      const values = [...toId(subject), key, escapeNul(wrappedBy)];
      const [row] = await retryTransient(() => this.driver.query(statement, values));
      if (row !== undefined) return toSubjectKey(row);
      // A concurrent transaction created it after the snapshot of this statement.
      const [found] = await this.find([subject]);
      if (found?.wrapped !== undefined || found?.erased === true) return found;
    }
  }

  async erase(subject: SubjectId): Promise<boolean> {
    checkSubject(subject);
    for (;;) {
      for (const text of [this.sql.erase, this.sql.eraseUnknown]) {
        const [row] = await retryTransient(() => this.driver.query({ text }, toId(subject)));
        if (row !== undefined) return row["had"] === true;
      }
    }
  }

  /** The session of a transaction of this database; otherwise the driver. */
  private sessionWithin(transaction: RowTransaction | undefined): SqlSession {
    if (transaction === undefined || transaction.isDetached || getStoreLocation(transaction)?.driver !== this.driver)
      return this.driver;
    return sessionOf(transaction) ?? this.driver;
  }

  async readmit(subject: SubjectId): Promise<boolean> {
    checkSubject(subject);
    return (await this.driver.query({ text: this.sql.readmit }, toId(subject))).length > 0;
  }

  async list(after: SubjectId | undefined, limit: number): Promise<readonly (SubjectId & SubjectKey)[]> {
    checkLimit("keys", limit);
    if (after !== undefined) checkSubject(after);
    const values = [...(after === undefined ? [null, null] : toId(after)), limit];
    const rows = await this.driver.query({ text: this.sql.list, repeatable: true }, values);
    return rows.map((row) => ({
      tenant: unescapeNul(row["tenant"] as string),
      subject: unescapeNul(row["subject"] as string),
      ...toSubjectKey(row),
    }));
  }

  async rewrap(
    subject: SubjectId,
    from: { readonly generation: number; readonly wrappedBy: string },
    to: WrappedKey,
  ): Promise<boolean> {
    const values = [...toId(subject), from.generation, escapeNul(from.wrappedBy), to.key, escapeNul(to.wrappedBy)];
    return (await this.driver.query({ text: this.sql.rewrap }, values)).length > 0;
  }
}

function toId({ tenant, subject }: SubjectId): [string, string] {
  return [escapeNul(tenant), escapeNul(subject)];
}

function toSubjectKey(row: SqlRow): SubjectKey {
  const key = row["key"] as Uint8Array | null;
  return {
    generation: Number(row["generation"]),
    wrapped: key === null ? undefined : { key, wrappedBy: unescapeNul(row["wrapped_by"] as string) },
    erased: row["erased"] === true,
  };
}
