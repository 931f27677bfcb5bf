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
import { toPlace } from "./store-kysely.js";

/** The tables of a projection, to read: what of Kysely begins a query that selects. Works with `sql` too. */
export interface SqlView<DB>
  extends Pick<
      Kysely<DB>,
      "selectFrom" | "selectNoFrom" | "with" | "withRecursive" | "fn" | "dynamic" | "case" | "executeQuery"
    >,
    QueryExecutorProvider {}

/** Where the tables of a build are. */
type PlacementOf = (table: RowTable) => Placement;

/** Reads the tables of the live build, whichever that is when a query is run. */
export class SqlViewReader<DB> {
  private readonly source: ViewSource;
  private readonly placementOf: PlacementOf;

  constructor(source: ViewSource, placementOf: PlacementOf) {
    this.source = source;
    this.placementOf = placementOf;
  }

  /** Each query is a statement of its own, and sees what was committed before it. */
  view(): SqlView<DB> {
    const { driver } = toPlace(this.source);
    return createBoundKysely<DB>(async (query) => {
      const mode = checkReads(query.query);
      return this.onLive((placement) =>
        mode === "plain"
          ? runPlaced(driver, query, placement)
          : driver.transaction((session) => runPlaced(session, query, placement), { readOnly: true }),
      );
    });
  }

  /** All queries see the same moment. */
  snapshot<T>(work: (view: SqlView<DB>) => Promise<T>): Promise<T> {
    const { driver } = toPlace(this.source);
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

  /** Tries again when the build that was thought live has been replaced and dropped in the meantime. */
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

/** A table, or the schema that it was in. */
function isMissingTable(error: unknown): boolean {
  const cause = isPotterError(error) ? (error as PotterError).cause : undefined;
  return typeof cause === "object" && cause !== null && "code" in cause && /^(42P01|3F000)$/.test(String(cause.code));
}
