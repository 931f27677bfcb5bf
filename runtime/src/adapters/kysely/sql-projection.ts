import type { ColumnType, Transaction } from "kysely";
import type { ReadModelDefinition, ReadModelTypes } from "../../cqrs/index.js";
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
import { toPlace } from "./store-kysely.js";
import { compileSteps, type TableMigration, type TableSchema } from "./table-steps.js";

/** The type of a column that holds the tenant: written by the projection itself, so that no query may set it. */
export type TenantColumn = ColumnType<string, undefined, never>;

/** How tables follow from events. */
export interface SqlProjection<Events extends object, DB> {
  /** Becomes part of the names of its schemas: `orders` of version 2 is in `potter_orders_v2`. Lower-case letters, digits, _. */
  readonly name: string;
  /** Raise it to build the tables anew: beside the old ones, which answer until the new ones have caught up. Default 1. */
  readonly version?: number;
  /** `async` (default): soon after the append, in a transaction of its own. `inline`: within the append's transaction. */
  readonly mode?: "async" | "inline";
  /**
   * The steps that make the tables, in order. Each is run once for a version. To add one later is a migration of the tables
   * as they are; one that was run cannot change unless the version is raised. Say the types of the tables by the type of the
   * parameter: `(schema: TableSchema<OrderTables>) => […]`.
   */
  readonly tables: (schema: TableSchema<DB>) => readonly TableMigration[];
  /**
   * The column, in every table, of the tenant that a row is of. With it, each query of an event and of a view is about the
   * rows of its tenant only. Give it the type {@link TenantColumn}, and make it part of every key.
   */
  readonly tenantColumn?: string;
  /**
   * What each event changes. Await your queries, or return them: one or a list. May run more than once for an event, so it
   * must have no effect but on its tables.
   */
  readonly on: {
    readonly [K in keyof Events]: (
      event: Events[K] extends MessageTypes ? Events[K]["message"] : never,
      db: Transaction<DB>,
      meta: EventMeta,
    ) => unknown;
  };
}

/** A projection into tables: goes into `createApp({ parts })`, and gives queries to the handlers of queries. */
export interface SqlProjectionPart<DB> extends ProjectionPart {
  /** The tables of the version that answers, to read. With a tenant column: the rows of the caller's tenant. */
  view(ctx: SqlViewContext): SqlView<DB>;
  /**
   * The same for several queries that must see the same moment. Runs again if the version is replaced meanwhile. In it, read
   * by nothing but the view that it is given: PGlite has one connection only.
   */
  snapshot<T>(ctx: SqlViewContext, work: (view: SqlView<DB>) => Promise<T>): Promise<T>;
}

/** What a view needs of the context of a query. */
export interface SqlViewContext {
  readonly views: object;
  readonly tenant: string;
}

/** Events that no read model of the contract names. */
export interface EventSource<Definitions extends { readonly [name: string]: EventDefinition }> {
  readonly events: Definitions;
}

type MessagesOf<Definitions> = {
  readonly [K in keyof Definitions]: Definitions[K] extends EventDefinition<infer M> ? M : never;
};

/** Keeps tables of your own up to date with events, each event exactly once. */
export function sqlProjection<R extends ReadModelTypes, DB>(
  readModel: ReadModel<R>,
  projection: SqlProjection<R["events"], DB>,
): SqlProjectionPart<DB>;
export function sqlProjection<Definitions extends { readonly [name: string]: EventDefinition }, DB>(
  source: EventSource<Definitions>,
  projection: SqlProjection<MessagesOf<Definitions>, DB>,
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
    if (views === undefined) throw new Error(`${name}.view() was given no context of a query handler`);
    return new SqlViewReader<DB>(views, (table) =>
      target.placementOf(toPlace(views), { version: table.version, generation: table.generation ?? 1 }, ctx.tenant),
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
