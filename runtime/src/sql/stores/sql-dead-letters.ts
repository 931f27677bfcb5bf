import { checkDeadLetterQuery, checkShard } from "../../store/checks/index.js";
import type { DeadLetter, DeadLetterChange, DeadLetterQuery, ProjectionBuildId } from "../../store/ports/index.js";
import type { Schema, SqlDriver, SqlRow, SqlSession, SqlValue } from "../driver/index.js";
import { escapeNul, unescapeNul } from "../values/index.js";

const ofBuild = "name = $1 AND version = $2 AND generation = $3";
const columns =
  "shard, key, pos, event_id, type, schema_version, tenant, stream_type, stream_id, stream_version, error, attempts";

/** Dead letters of projections. */
export class SqlDeadLetters {
  private readonly driver: SqlDriver;
  private readonly table: string;

  constructor(driver: SqlDriver, { sql }: Schema) {
    this.driver = driver;
    this.table = `${sql}.dead_letters`;
  }

  async list(build: ProjectionBuildId, query: DeadLetterQuery): Promise<readonly DeadLetter[]> {
    checkDeadLetterQuery(query);
    const { shard, key, due, limit } = query;
    const values: SqlValue[] = toValues(build);
    const bind = (value: SqlValue) => `$${values.push(value)}`;
    let where = ofBuild;
    if (shard !== undefined) where += ` AND shard = ${bind(shard)}`;
    if (key !== undefined) where += ` AND key = ${bind(escapeNul(key))}`;
    if (due === true) where += " AND retry_at <= clock_timestamp()";
    const text = `SELECT ${columns},
      CASE WHEN retry_at IS NOT NULL THEN greatest(0, ceil(extract(epoch FROM retry_at - clock_timestamp()) * 1000)) END
        AS retry_in
      FROM ${this.table} WHERE ${where} ORDER BY ${due === true ? "retry_at, " : ""}key, pos LIMIT ${bind(limit)}`;
    return (await this.driver.query({ text, repeatable: true }, values)).map(toDeadLetter);
  }

  async keys(build: ProjectionBuildId & { readonly shard: number }): Promise<readonly string[]> {
    checkShard(build);
    const text = `SELECT DISTINCT key FROM ${this.table} WHERE ${ofBuild} AND shard = $4`;
    const rows = await this.driver.query({ text, repeatable: true }, [...toValues(build), build.shard]);
    return rows.map((row) => unescapeNul(row["key"] as string));
  }

  /** Applies the changes of one step of a shard, in its transaction. */
  async change(
    session: SqlSession,
    shard: ProjectionBuildId & { readonly shard: number },
    changes: readonly DeadLetterChange[],
  ): Promise<void> {
    const parked = changes.filter((change) => change.kind === "add");
    if (parked.length > 0) await this.park(session, shard, parked);
    const ofKey = `${ofBuild} AND shard = $4 AND key = $5`;
    const applied = new Map<string, number[]>();
    for (const change of changes) {
      if (change.kind !== "applied") continue;
      const { key, position } = change;
      const positions = applied.get(key);
      if (positions === undefined) applied.set(key, [position]);
      else positions.push(position);
    }
    for (const [key, positions] of applied) {
      const place = [...toValues(shard), shard.shard, escapeNul(key)];
      const text = `DELETE FROM ${this.table} WHERE ${ofKey} AND pos = ANY ($6::bigint[])`;
      await session.query({ text }, [...place, positions]);
      const next = `UPDATE ${this.table} d SET retry_at = clock_timestamp() WHERE ${ofKey}
        AND pos = (SELECT min(pos) FROM ${this.table} WHERE ${ofKey})`;
      await session.query({ text: next }, place);
    }
    for (const change of changes) {
      if (change.kind !== "failed") continue;
      const { key, position, error, attempts, retryIn } = change;
      const text = `UPDATE ${this.table} SET error = $7, attempts = $8,
        retry_at = clock_timestamp() + $9::bigint * interval '1 millisecond' WHERE ${ofKey} AND pos = $6`;
      const place = [...toValues(shard), shard.shard, escapeNul(key), position];
      await session.query({ text }, [...place, toError(error), attempts, toDelay(retryIn)]);
    }
  }

  /** Makes the first dead letter of each key due. Returns the number of keys. */
  async retry(build: ProjectionBuildId, key?: string): Promise<number> {
    const one = key === undefined ? "" : " AND key = $4";
    const text = `UPDATE ${this.table} d SET attempts = 0, retry_at = clock_timestamp() WHERE ${ofBuild}${one}
      AND pos = (SELECT min(pos) FROM ${this.table} f WHERE f.name = d.name AND f.version = d.version
        AND f.generation = d.generation AND f.shard = d.shard AND f.key = d.key) RETURNING 1 AS n`;
    const values = key === undefined ? toValues(build) : [...toValues(build), escapeNul(key)];
    return (await this.driver.query({ text }, values)).length;
  }

  /** Deletes the dead letters of a key. Returns the shard of each. */
  async discard(session: SqlSession, build: ProjectionBuildId, key: string): Promise<readonly number[]> {
    const text = `DELETE FROM ${this.table} WHERE ${ofBuild} AND key = $4 RETURNING shard`;
    const rows = await session.query({ text }, [...toValues(build), escapeNul(key)]);
    return rows.map((row) => Number(row["shard"]));
  }

  private async park(
    session: SqlSession,
    shard: ProjectionBuildId & { readonly shard: number },
    letters: readonly DeadLetter[],
  ): Promise<void> {
    const text = `INSERT INTO ${this.table} (name, version, generation, ${columns}, retry_at)
      SELECT $1, $2, $3, $4, u.key, u.pos, u.event_id, u.type, u.schema_version, u.tenant, u.stream_type, u.stream_id,
        u.stream_version, u.error, u.attempts, clock_timestamp() + u.retry_in * interval '1 millisecond'
      FROM unnest($5::text[], $6::bigint[], $7::uuid[], $8::text[], $9::integer[], $10::text[], $11::text[], $12::text[],
        $13::bigint[], $14::text[], $15::integer[], $16::bigint[]) AS u (key, pos, event_id, type, schema_version, tenant,
        stream_type, stream_id, stream_version, error, attempts, retry_in)`;
    await session.query({ text }, [
      ...toValues(shard),
      shard.shard,
      letters.map(({ key }) => escapeNul(key)),
      letters.map(({ position }) => position),
      letters.map(({ eventId }) => eventId),
      letters.map(({ type }) => escapeNul(type)),
      letters.map(({ schemaVersion }) => schemaVersion),
      letters.map(({ stream }) => escapeNul(stream.tenant)),
      letters.map(({ stream }) => escapeNul(stream.type)),
      letters.map(({ stream }) => escapeNul(stream.id)),
      letters.map(({ version }) => version),
      letters.map(({ error }) => toError(error)),
      letters.map(({ attempts }) => attempts),
      letters.map(({ retryIn }) => toDelay(retryIn)),
    ]);
  }
}

function toValues({ name, version, generation }: ProjectionBuildId): [string, number, number] {
  return [name, version, generation];
}

function toError(error: string | undefined): string | null {
  return error === undefined ? null : escapeNul(error);
}

function toDelay(milliseconds: number | undefined): number | null {
  return milliseconds === undefined ? null : Math.ceil(milliseconds);
}

function toDeadLetter(row: SqlRow): DeadLetter {
  return {
    key: unescapeNul(row["key"] as string),
    position: Number(row["pos"]),
    shard: Number(row["shard"]),
    eventId: row["event_id"] as string,
    type: unescapeNul(row["type"] as string),
    schemaVersion: Number(row["schema_version"]),
    stream: {
      tenant: unescapeNul(row["tenant"] as string),
      type: unescapeNul(row["stream_type"] as string),
      id: unescapeNul(row["stream_id"] as string),
    },
    version: Number(row["stream_version"]),
    error: row["error"] === null ? undefined : unescapeNul(row["error"] as string),
    attempts: Number(row["attempts"]),
    retryIn: row["retry_in"] === null ? undefined : Number(row["retry_in"]),
  };
}
