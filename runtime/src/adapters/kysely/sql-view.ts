import type { CompiledQuery, Kysely, QueryExecutorProvider } from "kysely";
import { isPotterError, type PotterError } from "../../errors/index.js";
import type { ViewSource } from "../../projection/index.js";
import type { SqlResult, SqlSession } from "../../sql/index.js";
import type { RowTable } from "../../store/ports/index.js";
import { createBoundKysely } from "./bound-kysely.js";
import { compilePlaced, type Placement } from "./placement.js";
import { QueryQueue } from "./query-queue.js";
import { checkReads } from "./read-only.js";
import { runOn } from "./session-driver.js";
import { requireStoreLocation } from "./store-kysely.js";

/** Read access to the tables of a projection: the methods of Kysely that begin a select. Works with `sql` too. */
export interface SqlView<DB>
  extends Pick<
      Kysely<DB>,
      "selectFrom" | "selectNoFrom" | "with" | "withRecursive" | "fn" | "dynamic" | "case" | "executeQuery"
    >,
    QueryExecutorProvider {}

/** Returns the schema of a build. */
type PlacementOf = (table: RowTable) => Placement;

/** Reads the tables of the build that is live when the query runs. */
export class SqlViewReader<DB> {
  private readonly source: ViewSource;
  private readonly placementOf: PlacementOf;

  constructor(source: ViewSource, placementOf: PlacementOf) {
    this.source = source;
    this.placementOf = placementOf;
  }

  /** Each query is a separate statement, and sees what was committed before it. */
  view(): SqlView<DB> {
    const { driver } = requireStoreLocation(this.source);
    return createBoundKysely<DB>(async (query) => {
      const mode = checkReads(query.query);
      return this.onLive((placement) =>
        mode === "plain"
          ? runPlaced(driver, query, placement)
          : driver.transaction((session) => runPlaced(session, query, placement), { readOnly: true }),
      );
    });
  }

  /** All queries see the same snapshot. */
  snapshot<T>(work: (view: SqlView<DB>) => Promise<T>): Promise<T> {
    const { driver } = requireStoreLocation(this.source);
    return this.onLive((placement) =>
      driver.transaction(
        async (session) => {
          await session.script("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
          const queue = new QueryQueue();
          const view = createBoundKysely<DB>(async (query) => {
            checkReads(query.query);
            return queue.run(() => runPlaced(session, query, placement));
          });
          try {
            return await work(view);
          } finally {
            await queue.close();
          }
        },
        { readOnly: true },
      ),
    );
  }

  /** Retries when the build was replaced and dropped meanwhile. */
  private async onLive<T>(work: (placement: Placement) => Promise<T>): Promise<T> {
    const table = await this.source.table();
    try {
      return await work(this.placementOf(table));
    } catch (error) {
      if (!isMissingTable(error)) throw error;
      const now = await this.source.table(true);
      const placement = this.placementOf(now);
      if (placement.schema === this.placementOf(table).schema) throw error;
      return work(placement);
    }
  }
}

function runPlaced(session: SqlSession, { query, queryId }: CompiledQuery, placement: Placement): Promise<SqlResult> {
  return runOn(session)(compilePlaced(query, queryId, placement));
}

/** SQLSTATEs of a missing table or schema. */
function isMissingTable(error: unknown): boolean {
  const cause = isPotterError(error) ? (error as PotterError).cause : undefined;
  return typeof cause === "object" && cause !== null && "code" in cause && /^(42P01|3F000)$/.test(String(cause.code));
}
