import type { EventSchema, EventSchemaStore } from "../../store/ports/index.js";
import { retryTransient, type Schema, type SqlDriver } from "../driver/index.js";
import { escapeNul, unescapeNul } from "../values/index.js";

/** Declarations of events. */
export class SqlEventSchemas implements EventSchemaStore {
  private readonly driver: SqlDriver;
  private readonly sql: Readonly<
    Record<"list" | "lock" | "count" | "addDescriptors" | "addSchemas" | "descriptors", string>
  >;

  constructor(driver: SqlDriver, { sql }: Schema) {
    this.driver = driver;
    this.sql = {
      list: `SELECT type, schema_version, message, hash FROM ${sql}.event_schemas ORDER BY n`,
      // Readers continue; other writers wait, and then see the new rows.
      lock: `LOCK TABLE ${sql}.event_schemas IN SHARE ROW EXCLUSIVE MODE`,
      count: `SELECT count(*) AS known FROM ${sql}.event_schemas`,
      addDescriptors: `INSERT INTO ${sql}.descriptors (hash, data)
        SELECT * FROM unnest($1::text[], $2::bytea[]) ON CONFLICT DO NOTHING`,
      addSchemas: `INSERT INTO ${sql}.event_schemas (n, type, schema_version, message, hash)
        SELECT $1::integer + u.n, u.type, u.schema_version, u.message, u.hash
        FROM unnest($2::text[], $3::integer[], $4::text[], $5::text[]) WITH ORDINALITY
          AS u (type, schema_version, message, hash, n)`,
      descriptors: `SELECT hash, data FROM ${sql}.descriptors WHERE hash = ANY ($1::text[])`,
    };
  }

  async list(): Promise<readonly EventSchema[]> {
    const rows = await this.driver.query({ text: this.sql.list, repeatable: true }, []);
    return rows.map((row) => ({
      type: unescapeNul(row["type"] as string),
      schemaVersion: Number(row["schema_version"]),
      message: unescapeNul(row["message"] as string),
      hash: row["hash"] as string,
    }));
  }

  add(schemas: readonly EventSchema[], descriptors: ReadonlyMap<string, Uint8Array>, known: number): Promise<boolean> {
    return retryTransient(() =>
      this.driver.transaction(async (session) => {
        await session.script(this.sql.lock);
        const [row] = await session.query({ text: this.sql.count }, []);
        if (Number(row?.["known"]) !== known) return false;
        await session.query({ text: this.sql.addDescriptors }, [[...descriptors.keys()], [...descriptors.values()]]);
        const columns = [
          schemas.map(({ type }) => escapeNul(type)),
          schemas.map(({ schemaVersion }) => schemaVersion),
          schemas.map(({ message }) => escapeNul(message)),
          schemas.map(({ hash }) => hash),
        ];
        await session.query({ text: this.sql.addSchemas }, [known, ...columns]);
        return true;
      }),
    );
  }

  async descriptors(hashes: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
    const rows = await this.driver.query({ text: this.sql.descriptors, repeatable: true }, [hashes]);
    return new Map(rows.map((row) => [row["hash"] as string, row["data"] as Uint8Array]));
  }
}
