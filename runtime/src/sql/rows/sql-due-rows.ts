import { checkLimit } from "../../store/checks/index.js";
import type { DueRows, RowTable } from "../../store/ports/index.js";
import { dueField, splitDue } from "../../store/rows/index.js";
import type { Schema, SqlDriver } from "../driver/index.js";
import { unescapeNul } from "../values/index.js";
import { toTables } from "./row-values.js";

/** Finds rows by the time at which they are due. */
export class SqlDueRows {
  private readonly driver: SqlDriver;
  private readonly text: string;

  constructor(driver: SqlDriver, { sql }: Schema) {
    this.driver = driver;
    const due = `(r.fields ->> '${dueField}')::bigint`;
    const dueOf = (condition: string, limit: string) => `(SELECT r.tenant, r.key, ${due} AS due
      FROM ${sql}.rows r WHERE r.view = t.view AND r.version = t.version AND r.generation = t.generation AND ${due} > 0
        AND ${due} ${condition} c.now ORDER BY due LIMIT ${limit})`;
    this.text = `SELECT c.now, t.n, d.* FROM (SELECT floor(extract(epoch FROM statement_timestamp()) * 1000)::bigint AS now) c
      LEFT JOIN LATERAL unnest($1::text[], $2::integer[], $3::integer[]) WITH ORDINALITY AS t (view, version, generation, n)
        ON true
      LEFT JOIN LATERAL (${dueOf("<=", "$4")} UNION ALL ${dueOf(">", "1")}) d ON true`;
  }

  async read(tables: readonly RowTable[], limit: number): Promise<DueRows> {
    checkLimit("due rows", limit);
    const statement = { name: "potter_due_rows", text: this.text, repeatable: true };
    const rows = await this.driver.query(statement, [...toTables(tables), limit + 1]);
    const found = rows.flatMap((row) => {
      const table = tables[Number(row["n"]) - 1];
      if (table === undefined || row["due"] === null) return [];
      const tenant = unescapeNul(row["tenant"] as string);
      return [{ table: table.name, tenant, key: unescapeNul(row["key"] as string), due: Number(row["due"]) }];
    });
    return splitDue(Number(rows[0]?.["now"]), found, limit);
  }
}
