/** Runs a statement directly on the database. */
export type RunSql = (text: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;

/** Dumps all tables of a schema as text; bytes are decoded as UTF-8. */
export async function dumpTables(run: RunSql, schema: string): Promise<string> {
  const tables = await run(`SELECT tablename FROM pg_catalog.pg_tables WHERE schemaname = '${schema}' ORDER BY 1`);
  const dumped: string[] = [];
  for (const { tablename } of tables) {
    const rows = await run(`SELECT * FROM ${schema}."${tablename}"`);
    dumped.push(`${tablename}`, ...rows.flatMap((row) => Object.values(row).map(toText)));
  }
  return dumped.join("\n");
}

function toText(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("utf8");
  return typeof value === "string"
    ? value
    : (JSON.stringify(value, (_, one) => (typeof one === "bigint" ? `${one}` : one)) ?? "");
}
