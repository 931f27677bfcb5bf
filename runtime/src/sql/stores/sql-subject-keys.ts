import { checkLimit, checkSubject } from "../../store/checks/index.js";
import type { RowTransaction, SubjectId, SubjectKey, SubjectKeyStore, WrappedKey } from "../../store/ports/index.js";
import {
  getStoreLocation,
  retryTransient,
  type Schema,
  SqlArray,
  type SqlDriver,
  type SqlRow,
  type SqlSession,
} from "../driver/index.js";
import { GroupCommit, type Settled } from "../groups/index.js";
import { sessionOf } from "../rows/index.js";
import { escapeNul, unescapeNul } from "../values/index.js";

const columns = "generation, key, wrapped_by, erased_at IS NOT NULL AS erased";

/** A subject as columns. */
type SubjectColumns = readonly [tenant: string, subject: string];

/** A key to create, as columns. */
interface NewKey {
  readonly id: SubjectColumns;
  readonly key: Uint8Array;
  readonly wrappedBy: string;
}

/** Keys of data subjects. Concurrent calls share statements. */
export class SqlSubjectKeys implements SubjectKeyStore {
  private readonly driver: SqlDriver;
  private readonly reads: GroupCommit<readonly SubjectColumns[], readonly (SubjectKey | undefined)[]>;
  /** undefined: a concurrent transaction has created the key. */
  private readonly creations: GroupCommit<NewKey, SubjectKey | undefined>;
  private readonly sql: Readonly<
    Record<"find" | "create" | "erase" | "eraseUnknown" | "readmit" | "list" | "rewrap", string>
  >;

  constructor(driver: SqlDriver, { sql }: Schema) {
    this.driver = driver;
    const table = `${sql}.subject_keys`;
    // A subquery for each key: a join, planned for an empty table, would keep scanning all of it.
    const keyOf = (wanted: string) =>
      `SELECT ${columns} FROM ${table} WHERE tenant = ${wanted}.tenant AND subject = ${wanted}.subject OFFSET 0`;
    this.reads = new GroupCommit(
      (wanted) => this.findTogether(wanted),
      () => [],
      { gather: driver.blocks },
    );
    this.creations = new GroupCommit(
      (keys) => this.createTogether(keys),
      ({ id }) => [JSON.stringify(id)],
      { gather: driver.blocks },
    );
    this.sql = {
      find: `SELECT u.n, k.* FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS u (tenant, subject, n)
        CROSS JOIN LATERAL (${keyOf("u")}) k`,
      create: `WITH wanted AS MATERIALIZED (
          SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[], $4::text[]) WITH ORDINALITY AS u (tenant, subject, key, wrapped_by, n)
        ), made AS (
          INSERT INTO ${table} AS k (tenant, subject, key, wrapped_by)
          SELECT tenant, subject, key, wrapped_by FROM wanted ORDER BY tenant, subject
          ON CONFLICT (tenant, subject) DO UPDATE
          SET key = excluded.key, wrapped_by = excluded.wrapped_by, created_at = excluded.created_at
          WHERE k.key IS NULL AND k.erased_at IS NULL
          RETURNING tenant, subject, ${columns}
        )
        SELECT w.n, m.generation, m.key, m.wrapped_by, m.erased FROM wanted w JOIN made m USING (tenant, subject)
        UNION ALL SELECT w.n, k.* FROM wanted w CROSS JOIN LATERAL (${keyOf("w")}) k
        WHERE NOT EXISTS (SELECT FROM made m WHERE m.tenant = w.tenant AND m.subject = w.subject)`,
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
    const session = this.sessionWithin(within);
    const ids = subjects.map(toId);
    return session === undefined ? this.reads.run(ids) : this.read(session, ids);
  }

  async create(subject: SubjectId, { key, wrappedBy }: WrappedKey): Promise<SubjectKey> {
    checkSubject(subject);
    const wanted = { id: toId(subject), key, wrappedBy: escapeNul(wrappedBy) };
    for (;;) {
      const created = await this.creations.run(wanted);
      if (created !== undefined) return created;
      // A concurrent transaction created it after the snapshot of the statement.
      const [found] = await this.find([subject]);
      if (found?.wrapped !== undefined || found?.erased === true) return found;
    }
  }

  private async findTogether(
    wanted: readonly (readonly SubjectColumns[])[],
  ): Promise<readonly Settled<readonly (SubjectKey | undefined)[]>[]> {
    const found = await this.read(this.driver, wanted.flat());
    let next = 0;
    return wanted.map(({ length }) => {
      next += length;
      return { result: found.slice(next - length, next) };
    });
  }

  private async read(session: SqlSession, ids: readonly SubjectColumns[]): Promise<(SubjectKey | undefined)[]> {
    const values = [ids.map(([tenant]) => tenant), ids.map(([, subject]) => subject)];
    const rows = await session.query({ name: "potter_find_keys", text: this.sql.find, repeatable: true }, values);
    const found = new Array<SubjectKey | undefined>(ids.length).fill(undefined);
    for (const row of rows) found[Number(row["n"]) - 1] = toSubjectKey(row);
    return found;
  }

  /** It is safe to repeat: an existing key stays. */
  private async createTogether(keys: readonly NewKey[]): Promise<readonly Settled<SubjectKey | undefined>[]> {
    const statement = { name: "potter_create_keys", text: this.sql.create, repeatable: true };
    const values = [
      keys.map(({ id: [tenant] }) => tenant),
      keys.map(({ id: [, subject] }) => subject),
      new SqlArray(
        "bytea",
        keys.map(({ key }) => key),
      ),
      keys.map(({ wrappedBy }) => wrappedBy),
    ];
    const results: { result: SubjectKey | undefined }[] = keys.map(() => ({ result: undefined }));
    for (const row of await retryTransient(() => this.driver.query(statement, values))) {
      results[Number(row["n"]) - 1] = { result: toSubjectKey(row) };
    }
    return results;
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

  /** The session of a transaction of this database. undefined: there is none. */
  private sessionWithin(transaction: RowTransaction | undefined): SqlSession | undefined {
    if (transaction === undefined || transaction.isDetached) return undefined;
    return getStoreLocation(transaction)?.driver === this.driver ? sessionOf(transaction) : undefined;
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
