import {
  type CreateTableBuilder,
  createQueryId,
  DummyDriver,
  Kysely,
  type OperationNodeSource,
  PostgresQueryCompiler,
  type RootOperationNode,
  type SchemaModule,
} from "kysely";
import { PotterError } from "../../errors/index.js";
import { fingerprint } from "../../message/index.js";
import { SessionDialect } from "./dialect.js";
import { compilePlaced } from "./placement.js";

/**
 * Kysely's schema builder, typed by the tables: `createTable`, `alterTable` and `dropTable` accept the names of `DB`
 * only.
 */
export interface TableSchema<DB>
  extends Omit<
    SchemaModule,
    "createTable" | "alterTable" | "dropTable" | "withPlugin" | "withoutPlugins" | "withSchema"
  > {
  /** Creates a table of `DB`. */
  createTable<T extends keyof DB & string>(table: T): CreateTableBuilder<T, never>;
  /** Changes a table of `DB`. */
  alterTable<T extends keyof DB & string>(table: T): ReturnType<SchemaModule["alterTable"]>;
  /** Drops a table of `DB`. */
  dropTable<T extends keyof DB & string>(table: T): ReturnType<SchemaModule["dropTable"]>;
}

/** A statement that creates a table, an index or the like: of Kysely's builder, or raw SQL. */
export type TableMigration = OperationNodeSource;

/** A compiled step, for any schema. */
export interface CompiledStep {
  /** Identifies the step, independent of the schema. */
  readonly hash: string;
  /** Its SQL, with all tables in the schema. */
  toSql(schema: string): string;
}

const kysely = new Kysely<never>({ dialect: new SessionDialect(new DummyDriver()) });

/** Compiles the steps of a projection. */
export function compileSteps<DB>(
  tables: (schema: TableSchema<DB>) => readonly TableMigration[],
): readonly CompiledStep[] {
  return tables(kysely.schema as unknown as TableSchema<DB>).map((step, index) => {
    const node = step.toOperationNode() as RootOperationNode;
    const { sql, parameters } = new PostgresQueryCompiler().compileQuery(node, createQueryId());
    if (parameters.length > 0) {
      throw new PotterError(
        "invalid_argument",
        `step ${index + 1} of the tables has a value that would have to be bound, which PostgreSQL cannot in such a statement: write it by sql.lit()`,
      );
    }
    return {
      hash: fingerprint(new TextEncoder().encode(sql)),
      toSql: (schema) => compilePlaced(node, createQueryId(), { schema }).sql,
    };
  });
}
