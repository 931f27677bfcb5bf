import type { OpenAppend } from "../../store/ports/index.js";
import { heldByAppenders, type Schema, type SqlDriver, type SqlRow } from "../driver/index.js";

/** Reads the transactions that hold the lock of appenders. The server may hide details of sessions of other users. */
export async function readOpenAppends(driver: SqlDriver, schema: Schema): Promise<readonly OpenAppend[]> {
  const text = `WITH l AS (SELECT pid, virtualtransaction FROM pg_locks WHERE ${heldByAppenders(schema)}), open AS (
      SELECT l.pid, a.application_name, a.state, NULL AS gid, a.xact_start AS since
      FROM l LEFT JOIN pg_stat_activity a USING (pid) WHERE l.pid IS NOT NULL
      UNION ALL SELECT NULL, NULL, 'prepared', p.gid, p.prepared FROM l
      LEFT JOIN pg_locks x ON x.virtualtransaction = l.virtualtransaction AND x.pid IS NULL AND x.locktype = 'transactionid'
      LEFT JOIN pg_prepared_xacts p ON p.transaction = x.transactionid WHERE l.pid IS NULL
    ) SELECT pid, application_name, state, gid, extract(epoch FROM clock_timestamp() - since) * 1000 AS age
    FROM open ORDER BY since NULLS LAST`;
  return (await driver.query({ name: "potter_open_appends", text, repeatable: true }, [])).map(toOpenAppend);
}

function toOpenAppend(row: SqlRow): OpenAppend {
  const { pid, application_name: applicationName, state, gid, age } = row;
  return {
    age: age === null ? undefined : Math.max(0, Number(age)),
    ...(pid !== null && { pid: Number(pid) }),
    ...(typeof applicationName === "string" && { applicationName }),
    ...(typeof gid === "string" && { gid }),
    ...(typeof state === "string" && { state }),
  };
}
