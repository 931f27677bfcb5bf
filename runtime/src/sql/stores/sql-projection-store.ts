import { PotterError } from "../../errors/index.js";
import { checkLease, checkLimit, checkRegistration, checkShard } from "../../store/checks/index.js";
import type {
  ApplyCheckpoint,
  CheckpointCommit,
  CheckpointMove,
  DeadLetter,
  DeadLetterQuery,
  Lease,
  ProjectionBuildId,
  ProjectionBuildState,
  ProjectionHeartbeat,
  ProjectionRegistration,
  ProjectionStore,
} from "../../store/ports/index.js";
import {
  retryTransient,
  type Schema,
  type SqlDriver,
  type SqlSession,
  type TransactionOptions,
} from "../driver/index.js";
import type { SqlRowStore } from "../rows/index.js";
import { escapeNul } from "../values/index.js";
import { advanceCheckpoints } from "./advance-checkpoints.js";
import { CheckpointCommits } from "./checkpoint-commits.js";
import { toBuildStates } from "./projection-build-states.js";
import { SqlDeadLetters } from "./sql-dead-letters.js";

const ofBuild = "name = $1 AND version = $2 AND generation = $3";
const free = "epoch = epoch + 1, owner = '', lease_until = '-infinity'";
const later = (parameter: string) => `clock_timestamp() + ${parameter}::bigint * interval '1 millisecond'`;

/** Checkpoints, leases and dead letters of projections. */
export class SqlProjectionStore implements ProjectionStore {
  private readonly driver: SqlDriver;
  private readonly schema: Schema;
  private readonly rows: SqlRowStore;
  private readonly queue: SqlDeadLetters;
  private readonly commits: CheckpointCommits;
  /** The builds of the projections of a parameter. */
  private readonly builds: (names: string) => string;

  constructor(driver: SqlDriver, schema: Schema, rows: SqlRowStore) {
    this.driver = driver;
    this.schema = schema;
    this.rows = rows;
    this.queue = new SqlDeadLetters(driver, schema);
    this.commits = new CheckpointCommits(driver, schema, rows, this.queue);
    const { sql } = schema;
    this.builds = (names) => `SELECT p.name, p.version, p.generation, p.state,
        extract(epoch FROM clock_timestamp() - p.retired_at) * 1000 AS retired_for, s.shard, s.pos, s.paused,
        CASE WHEN s.lease_until > clock_timestamp() THEN s.owner ELSE '' END AS owner,
        (SELECT count(*) FROM ${sql}.dead_letters d WHERE d.name = s.name AND d.version = s.version
          AND d.generation = s.generation AND d.shard = s.shard) AS dead_letters
      FROM ${sql}.projections p JOIN ${sql}.projection_shards s USING (name, version, generation)
      WHERE p.name = ANY (${names}::text[]) AND NOT p.dropped`;
  }

  async register(registration: ProjectionRegistration): Promise<void> {
    checkRegistration(registration);
    const { name, version } = registration;
    return this.change({ repeatable: true }, async (session) => {
      const text = `SELECT version FROM ${this.schema.sql}.projections WHERE name = $1`;
      const known = (await session.query({ text }, [name])).map((row) => Number(row["version"]));
      if (known.includes(version)) return;
      await this.add(session, registration, 1, known.length === 0 ? "live" : "building");
    });
  }

  async rebuild(registration: ProjectionRegistration): Promise<ProjectionBuildId> {
    checkRegistration(registration);
    const { name, version } = registration;
    const { sql } = this.schema;
    return this.change({ repeatable: false }, async (session) => {
      await this.retire(session, "name = $1 AND version = $2 AND state = 'building'", [name, version]);
      const text = `SELECT coalesce(max(generation), 0) AS last FROM ${sql}.projections WHERE name = $1 AND version = $2`;
      const [row] = await session.query({ text }, [name, version]);
      const generation = Number(row?.["last"]) + 1;
      await this.add(session, registration, generation, "building");
      return { name, version, generation };
    });
  }

  async list(names: readonly string[]): Promise<readonly ProjectionBuildState[]> {
    const text = `${this.builds("$1")} ORDER BY p.name, p.version, p.generation, s.shard`;
    return toBuildStates(await this.driver.query({ name: "potter_builds", text, repeatable: true }, [names]));
  }

  async live(name: string): Promise<ProjectionBuildId | undefined> {
    const text = `SELECT version, generation FROM ${this.schema.sql}.projections WHERE name = $1 AND state = 'live'`;
    const [row] = await this.driver.query({ name: "potter_live_build", text, repeatable: true }, [name]);
    return row && { name, version: Number(row["version"]), generation: Number(row["generation"]) };
  }

  async heartbeat(worker: string, names: readonly string[], lease: number): Promise<ProjectionHeartbeat> {
    checkLease(lease);
    const { sql } = this.schema;
    const last = (table: string) => `(SELECT pos, at FROM ${sql}.${table} WHERE pos > 0 ORDER BY pos DESC LIMIT 1)`;
    // The statement returns the workers from before it, so this one is added below.
    const text = `WITH gone AS (DELETE FROM ${sql}.projection_workers WHERE until < clock_timestamp() AND worker <> $1),
      alive AS (INSERT INTO ${sql}.projection_workers (worker, name, until)
        SELECT $1, n, ${later("$3")} FROM unnest($2::text[]) n
        ON CONFLICT (worker, name) DO UPDATE SET until = excluded.until),
      renewed AS (UPDATE ${sql}.projection_shards SET lease_until = ${later("$3")} WHERE owner = $1
        AND lease_until < ${later("$3")} - $3::bigint * interval '0.2 millisecond')
      SELECT 'worker' AS kind, name, 0 AS version, 0 AS generation, '' AS state, NULL::numeric AS retired_for, 0 AS shard,
        NULL::bigint AS pos, false AS paused, worker AS owner, 0::bigint AS dead_letters
      FROM ${sql}.projection_workers WHERE until >= clock_timestamp() AND worker <> $1 AND name = ANY ($2::text[])
      UNION ALL SELECT 'build', b.* FROM (${this.builds("$2")}) b
      UNION ALL SELECT 'last', '', 0, 0, '', extract(epoch FROM clock_timestamp() - at) * 1000, 0, pos, false, '', 0
      FROM (${last("events")} UNION ALL ${last("events_archive")} ORDER BY pos DESC LIMIT 1) e
      ORDER BY name, version, generation, shard`;
    const rows = await retryTransient(() =>
      this.driver.query({ name: "potter_heartbeat", text, repeatable: true }, [worker, [...names].sort(), lease]),
    );
    const of = (kind: string) => rows.filter((row) => row["kind"] === kind);
    const [event] = of("last");
    return {
      workers: [
        ...names.map((name) => ({ worker, name })),
        ...of("worker").map((row) => ({ worker: row["owner"] as string, name: row["name"] as string })),
      ],
      builds: toBuildStates(of("build")),
      ...(event && { last: { position: Number(event["pos"]), age: Math.max(0, Number(event["retired_for"])) } }),
    };
  }

  async leave(worker: string): Promise<void> {
    const { sql } = this.schema;
    await this.driver.query({ text: `UPDATE ${sql}.projection_shards SET ${free} WHERE owner = $1` }, [worker]);
    await this.driver.query({ text: `DELETE FROM ${sql}.projection_workers WHERE worker = $1` }, [worker]);
  }

  async acquire(
    wanted: ProjectionBuildId & { readonly shard: number },
    worker: string,
    lease: number,
  ): Promise<Lease | undefined> {
    checkShard(wanted);
    checkLease(lease);
    const { name, version, generation, shard } = wanted;
    const text = `UPDATE ${this.schema.sql}.projection_shards
      SET epoch = epoch + 1, owner = $5, lease_until = ${later("$6")}
      WHERE ${ofBuild} AND shard = $4 AND NOT paused AND (lease_until <= clock_timestamp() OR owner = $5)
      RETURNING pos, epoch`;
    const [row] = await this.driver.query({ text, repeatable: true }, [
      name,
      version,
      generation,
      shard,
      worker,
      lease,
    ]);
    if (row === undefined) return undefined;
    const acquired = { name, version, generation, shard, epoch: Number(row["epoch"]), position: Number(row["pos"]) };
    this.commits.acquired(acquired);
    return acquired;
  }

  async release(lease: Lease): Promise<void> {
    const { name, version, generation, shard, epoch } = lease;
    this.commits.released(lease);
    const text = `UPDATE ${this.schema.sql}.projection_shards SET ${free} WHERE ${ofBuild} AND shard = $4 AND epoch = $5`;
    await this.driver.query({ text, repeatable: true }, [name, version, generation, shard, epoch]);
  }

  commit(move: CheckpointCommit, apply: ApplyCheckpoint): Promise<boolean> {
    return this.commits.commit(move, apply);
  }

  async advance(moves: readonly CheckpointMove[]): Promise<readonly boolean[]> {
    const moved = await advanceCheckpoints(this.driver, this.schema, moves);
    for (const [i, move] of moves.entries()) if (moved[i] === true) this.commits.advanced(move);
    return moved;
  }

  promote({ name, version, generation }: ProjectionBuildId): Promise<void> {
    return this.change({ repeatable: true }, async (session) => {
      const others = `name = $1 AND (version, generation) <> ($2, $3) AND (state = 'live'
        OR state = 'building' AND (version, generation) < ($2, $3))`;
      const values = [name, version, generation];
      const exists = `SELECT true AS found FROM ${this.schema.sql}.projections WHERE ${ofBuild}`;
      if ((await session.query({ text: exists }, values)).length === 0) {
        throw new PotterError(
          "failed_precondition",
          `build ${version}.${generation} of the projection ${name} was never registered`,
        );
      }
      await this.retire(session, others, values);
      const text = `UPDATE ${this.schema.sql}.projections SET state = 'live', retired_at = NULL WHERE ${ofBuild}`;
      await session.query({ text }, values);
    });
  }

  setPaused(name: string, paused: boolean): Promise<void> {
    return this.change({ repeatable: true }, async (session) => {
      // Waits for a step that runs in a transaction, which has locked the row of its shard. Any other finds another epoch, and writes nothing.
      const text = `UPDATE ${this.schema.sql}.projection_shards SET paused = $2${paused ? `, ${free}` : ""} WHERE name = $1`;
      await session.query({ text }, [name, paused]);
    });
  }

  async drop(build: ProjectionBuildId, limit: number): Promise<boolean> {
    checkLimit("rows to delete", limit);
    const { name, version, generation } = build;
    const { sql } = this.schema;
    const values = [name, version, generation];
    const retired = `SELECT true AS found FROM ${sql}.projections WHERE ${ofBuild} AND state = 'retired' AND NOT dropped`;
    if ((await this.driver.query({ text: retired }, values)).length === 0) return false;
    if (await this.rows.drop(build, limit)) return true;
    const text = `DELETE FROM ${sql}.dead_letters WHERE ${ofBuild}`;
    await this.driver.query({ text }, values);
    await this.driver.query({ text: `UPDATE ${sql}.projections SET dropped = true WHERE ${ofBuild}` }, values);
    return false;
  }

  deadLetters(build: ProjectionBuildId, query: DeadLetterQuery): Promise<readonly DeadLetter[]> {
    return this.queue.list(build, query);
  }

  blockedKeys(shard: ProjectionBuildId & { readonly shard: number }): Promise<readonly string[]> {
    return this.queue.keys(shard);
  }

  retry(build: ProjectionBuildId, key?: string): Promise<number> {
    return this.queue.retry(build, key);
  }

  discard(build: ProjectionBuildId, key: string): Promise<number> {
    const { name, version, generation } = build;
    return retryTransient(() =>
      this.driver.transaction(async (session) => {
        // The shards first, as a step does. Ending the lease makes the worker reload its blocked keys.
        const text = `UPDATE ${this.schema.sql}.projection_shards s SET ${free} WHERE ${ofBuild} AND EXISTS (
          SELECT FROM ${this.schema.sql}.dead_letters d WHERE d.name = s.name AND d.version = s.version
            AND d.generation = s.generation AND d.shard = s.shard AND d.key = $4)`;
        await session.query({ text }, [name, version, generation, escapeNul(key)]);
        return (await this.queue.discard(session, build, key)).length;
      }),
    );
  }

  private async add(
    session: SqlSession,
    { name, version, shards, after = 0 }: ProjectionRegistration,
    generation: number,
    state: ProjectionBuildState["state"],
  ): Promise<void> {
    const { sql } = this.schema;
    const values = [name, version, generation];
    const build = `INSERT INTO ${sql}.projections (name, version, generation, state) VALUES ($1, $2, $3, $4)`;
    await session.query({ text: build }, [...values, state]);
    const parts = `INSERT INTO ${sql}.projection_shards (name, version, generation, shard, pos, paused)
      SELECT $1, $2, $3, n, $5::bigint, EXISTS (SELECT FROM ${sql}.projection_shards o WHERE o.name = $1 AND o.paused)
      FROM generate_series(0, $4::integer - 1) n`;
    await session.query({ text: parts }, [...values, shards, after]);
  }

  private async retire(session: SqlSession, where: string, values: readonly (string | number)[]): Promise<void> {
    const { sql } = this.schema;
    const text = `WITH retired AS (UPDATE ${sql}.projections SET state = 'retired', retired_at = clock_timestamp()
        WHERE ${where} RETURNING name, version, generation)
      UPDATE ${sql}.projection_shards s SET ${free} FROM retired r
      WHERE s.name = r.name AND s.version = r.version AND s.generation = r.generation`;
    await session.query({ text }, values);
  }

  /** Changes the set of builds, one process at a time. */
  private change<T>(options: TransactionOptions, work: (session: SqlSession) => Promise<T>): Promise<T> {
    return retryTransient(() =>
      this.driver.transaction(async (session) => {
        await session.script(`SELECT pg_advisory_xact_lock(${this.schema.changes}, ${this.schema.lock})`);
        return work(session);
      }, options),
    );
  }
}
