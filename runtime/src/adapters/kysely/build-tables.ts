import { PotterError } from "../../errors/index.js";
import type { SqlSession, StoreLocation } from "../../sql/index.js";
import type { ProjectionBuildId } from "../../store/ports/index.js";
import type { CompiledStep } from "./table-steps.js";

/** Table of completed steps in the schema of a build. Row 0 identifies the owner. */
const journal = "potter_steps";

/** Creates, migrates and drops the schema of one build. */
export class BuildTables {
  private readonly location: StoreLocation;
  private readonly build: ProjectionBuildId;
  private readonly schema: string;
  private readonly quoted: string;

  constructor(location: StoreLocation, build: ProjectionBuildId, schema: string) {
    this.location = location;
    this.build = build;
    this.schema = schema;
    this.quoted = `"${schema}"`;
  }

  /**
   * Runs pending steps. If several processes do so at once, one runs them and the others wait. Without pending steps it
   * only reads, so a user without the right to create schemas can start.
   */
  async prepare(steps: readonly CompiledStep[]): Promise<void> {
    const { driver, schema } = this.location;
    if ((await this.countDone(driver, steps)) >= steps.length) return;
    await driver.transaction(async (session) => {
      await session.script(`SELECT pg_advisory_xact_lock(${schema.changes}, ${schema.lock})`);
      // Counted again: another process may have run the steps while this one waited for the lock.
      const done = await this.countDone(session, steps);
      if (done < 0) await this.create(session);
      // For raw SQL with unqualified table names.
      await session.script(`SET LOCAL search_path TO ${this.quoted}, public`);
      for (const [index, step] of steps.entries()) {
        if (index < done) continue;
        await session.script(step.toSql(this.schema));
        await this.note(session, index + 1, step.hash);
      }
    });
  }

  /** Drops the schema with its contents, if this build owns it. */
  async drop(): Promise<void> {
    const { driver, schema } = this.location;
    await driver.transaction(async (session) => {
      await session.script(`SELECT pg_advisory_xact_lock(${schema.changes}, ${schema.lock})`);
      if (await this.isMade(session)) await session.script(`DROP SCHEMA ${this.quoted} CASCADE`);
    });
  }

  /**
   * Number of completed steps; -1: the schema does not exist. Throws if another owns the schema, or a completed step
   * has changed.
   */
  private async countDone(session: SqlSession, steps: readonly CompiledStep[]): Promise<number> {
    if (!(await this.isMade(session))) return -1;
    const rows = await session.query(
      { text: `SELECT step, hash FROM ${this.quoted}.${journal} WHERE step > 0 ORDER BY step` },
      [],
    );
    for (const [index, row] of rows.entries()) {
      const step = steps[index];
      // Unknown steps were added by a newer release that runs next to this one.
      if (step !== undefined && step.hash !== row["hash"]) throw this.changed(index + 1);
    }
    return rows.length;
  }

  /** Whether the schema exists. Throws if another owns it. */
  private async isMade(session: SqlSession): Promise<boolean> {
    const text = `SELECT EXISTS (SELECT FROM pg_catalog.pg_tables WHERE schemaname = $1 AND tablename = $2) AS noted,
      EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = $1) AS there`;
    const [found] = await session.query({ text }, [this.schema, journal]);
    if (found?.["there"] !== true) return false;
    if (found["noted"] === true) {
      const [row] = await session.query({ text: `SELECT hash FROM ${this.quoted}.${journal} WHERE step = 0` }, []);
      if (row?.["hash"] === this.owner) return true;
    }
    throw new PotterError(
      "failed_precondition",
      `the schema ${this.schema} is there and not that of the projection ${this.build.name}: rename it, or the projection`,
    );
  }

  private async create(session: SqlSession): Promise<void> {
    await session.script(`
      CREATE SCHEMA ${this.quoted};
      CREATE TABLE ${this.quoted}.${journal} (step integer PRIMARY KEY, hash text NOT NULL, at timestamptz NOT NULL DEFAULT clock_timestamp())`);
    await this.note(session, 0, this.owner);
  }

  private async note(session: SqlSession, step: number, hash: string): Promise<void> {
    const text = `INSERT INTO ${this.quoted}.${journal} (step, hash) VALUES ($1, $2)`;
    await session.query({ text }, [step, hash]);
  }

  private get owner(): string {
    const { name, version, generation } = this.build;
    return JSON.stringify([this.location.schema.name, name, version, generation]);
  }

  private changed(step: number): PotterError {
    const { name, version } = this.build;
    return new PotterError(
      "failed_precondition",
      `step ${step} of the tables of ${name} version ${version} was run in another form: put it back and add a step of its own, or raise the version`,
    );
  }
}
