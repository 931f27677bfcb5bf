import type { ColumnType, Transaction } from "kysely";
import type { ReadModelDefinition, ReadModelTypes } from "../../cqrs/index.js";
import { PotterError } from "../../errors/index.js";
import type { EventDefinition, MessageTypes } from "../../message/index.js";
import {
  type EventMeta,
  type ProjectionPart,
  type ProjectionTarget,
  type ReadModel,
  sourceOf,
} from "../../projection/index.js";
import { checkName } from "./build-schema.js";
import { toReadModel } from "./events-read-model.js";
import { runReturned } from "./returned.js";
import { SqlTarget } from "./sql-target.js";
import { type SqlView, SqlViewReader } from "./sql-view.js";
import { requireStoreLocation } from "./store-kysely.js";
import { compileSteps, type TableMigration, type TableSchema } from "./table-steps.js";

/** Type of the tenant column: only the projection writes it, so queries cannot set it. */
export type TenantColumn = ColumnType<string, undefined, never>;

/** Declares how events change tables. */
export interface SqlProjection<Events extends object, DB> {
  /** Becomes part of the names of its schemas: `orders` of version 2 is in `potter_orders_v2`. Lower-case letters, digits, _. */
  readonly name: string;
  /**
   * Increase it to rebuild the tables: next to the old ones, which serve queries until the new ones have caught up.
   * Default 1.
   */
  readonly version?: number;
  /** `async` (default): after the append, in a separate transaction. `inline`: in the transaction of the append. */
  readonly mode?: "async" | "inline";
  /**
   * Migrations that create the tables, in order. Each runs once per version. A step added later migrates the existing
   * tables; a completed step cannot change unless the version is increased. Type the tables by the parameter: `(schema:
   * TableSchema<OrderTables>) => […]`.
   */
  readonly tables: (schema: TableSchema<DB>) => readonly TableMigration[];
  /**
   * The tenant column of every table. With it, queries of events and views see the rows of their tenant only. Give it
   * the type {@link TenantColumn}, and make it part of every key.
   */
  readonly tenantColumn?: string;
  /**
   * Handlers by event. Await your queries, or return one or a list. A handler may run more than once for an event, so
   * it must only change its tables.
   */
  readonly on: {
    readonly [K in keyof Events]: (
      event: Events[K] extends MessageTypes ? Events[K]["message"] : never,
      db: Transaction<DB>,
      meta: EventMeta,
    ) => unknown;
  };
}

/** A projection into tables. Pass it to `createApp({ parts })`; query handlers read its tables. */
export interface SqlProjectionPart<DB> extends ProjectionPart {
  /** Reads the tables of the live version. With a tenant column: the rows of the caller's tenant. */
  view(ctx: SqlViewContext): SqlView<DB>;
  /**
   * Reads with several queries in one snapshot. Runs again if the version is replaced meanwhile. Use only the view that
   * it receives: PGlite has one connection.
   */
  snapshot<T>(ctx: SqlViewContext, work: (view: SqlView<DB>) => Promise<T>): Promise<T>;
}

/** The part of a query context that a view needs. */
export interface SqlViewContext {
  /** The read models of the service, as in the context of a query handler. */
  readonly views: object;
  /** The tenant of the caller; the empty string where there are no tenants. */
  readonly tenant: string;
}

/** Events that no read model of the contract names. */
export interface EventSource<Definitions extends { readonly [name: string]: EventDefinition }> {
  /** The events that the projection handles, by the name of their handler. */
  readonly events: Definitions;
}

/** Creates a projection that applies each event to your own SQL tables exactly once. */
export function sqlProjection<R extends ReadModelTypes, DB>(
  readModel: ReadModel<R>,
  projection: SqlProjection<R["events"], DB>,
): SqlProjectionPart<DB>;
/** Creates a projection of events that no read model of the contract names. */
export function sqlProjection<Definitions extends { readonly [name: string]: EventDefinition }, DB>(
  source: EventSource<Definitions>,
  projection: SqlProjection<
    { readonly [K in keyof Definitions]: Definitions[K] extends EventDefinition<infer M> ? M : never },
    DB
  >,
): SqlProjectionPart<DB>;
export function sqlProjection<DB>(
  source: { readonly definition: ReadModelDefinition } | EventSource<{ readonly [name: string]: EventDefinition }>,
  projection: SqlProjection<{ readonly [name: string]: MessageTypes }, DB>,
): SqlProjectionPart<DB> {
  const { name, version = 1, mode = "async", tables, tenantColumn, on } = projection;
  checkName(name);
  const target = new SqlTarget<DB>({ name, steps: compileSteps(tables), tenantColumn });
  const readModel = "definition" in source ? source.definition : toReadModel(name, source.events);
  const reader = (ctx: SqlViewContext) => {
    const views = sourceOf(ctx.views, readModel);
    if (views === undefined)
      throw new PotterError(
        "internal",
        `${name}.view() was given no context of a query handler, or that of an app without read models: add ${name} to its parts`,
      );
    return new SqlViewReader<DB>(views, (table) =>
      target.placementOf(
        requireStoreLocation(views),
        { version: table.version, generation: table.generation ?? 1 },
        ctx.tenant,
      ),
    );
  };
  return {
    kind: "projection",
    readModel,
    version,
    mode,
    target: target as ProjectionTarget,
    on: Object.fromEntries(
      Object.entries(on).map(([event, handle]) => [
        event,
        (data: never, db: Transaction<DB>, meta: EventMeta) =>
          target.handle(db, async () => runReturned(await handle(data, db, meta), db)),
      ]),
    ),
    view: (ctx) => reader(ctx).view(),
    snapshot: (ctx, work) => reader(ctx).snapshot(work),
  };
}
