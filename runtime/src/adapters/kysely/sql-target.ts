import type { Transaction } from "kysely";
import { PotterError } from "../../errors/index.js";
import type { EventMeta, ProjectionTarget, TargetScope } from "../../projection/index.js";
import { getStoreLocation, type SqlSession, type StoreLocation, sessionOf } from "../../sql/index.js";
import type { ProjectionBuildId, RowTransaction, Store } from "../../store/ports/index.js";
import { createBoundKysely } from "./bound-kysely.js";
import { toSchemaName } from "./build-schema.js";
import { BuildTables } from "./build-tables.js";
import { compilePlaced, type Placement } from "./placement.js";
import { QueryQueue } from "./query-queue.js";
import { runOn } from "./session-driver.js";
import { requireStoreLocation } from "./store-kysely.js";
import type { CompiledStep } from "./table-steps.js";

export interface SqlTargetOptions {
  readonly name: string;
  readonly steps: readonly CompiledStep[];
  readonly tenantColumn: string | undefined;
}

/** Tables of a projection, in one schema per build, written in the transaction that moves the checkpoint. */
export class SqlTarget<DB> implements ProjectionTarget<Transaction<DB>> {
  private readonly options: SqlTargetOptions;
  private readonly queues = new WeakMap<Transaction<DB>, QueryQueue>();

  constructor(options: SqlTargetOptions) {
    this.options = options;
  }

  async prepare(store: Store, build: ProjectionBuildId): Promise<void> {
    await this.tablesOf(requireStoreLocation(store), build).prepare(this.options.steps);
  }

  open(transaction: RowTransaction, { stream }: EventMeta, build: ProjectionBuildId): TargetScope<Transaction<DB>> {
    const session = sessionOf(transaction);
    const location = getStoreLocation(transaction);
    if (session === undefined || location === undefined) {
      throw new PotterError(
        "failed_precondition",
        `the projection ${build.name} keeps tables, and this store has no SQL`,
      );
    }
    return new SqlScope(session, this.placementOf(location, build, stream.tenant), this.queues);
  }

  /** Runs the handler of an event. If it fails, queries that it did not await do not run. */
  async handle(db: Transaction<DB>, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      await this.queues.get(db)?.close();
      throw error;
    }
  }

  async drop(store: Store, build: ProjectionBuildId): Promise<void> {
    await this.tablesOf(requireStoreLocation(store), build).drop();
  }

  /** Schema of a build, and the tenant whose rows a query may touch. */
  placementOf({ schema }: StoreLocation, build: Omit<ProjectionBuildId, "name">, tenant: string): Placement {
    const { name, tenantColumn: column } = this.options;
    return {
      schema: toSchemaName(schema.name, name, build),
      ...(column !== undefined && { tenant: { column, value: tenant } }),
    };
  }

  private tablesOf(location: StoreLocation, build: ProjectionBuildId): BuildTables {
    return new BuildTables(location, build, toSchemaName(location.schema.name, this.options.name, build));
  }
}

/** The queries of one event. */
class SqlScope<DB> implements TargetScope<Transaction<DB>> {
  readonly handle: Transaction<DB>;
  private readonly queue: QueryQueue;

  constructor(session: SqlSession, placement: Placement, queues: WeakMap<Transaction<DB>, QueryQueue>) {
    const run = runOn(session);
    const queue = new QueryQueue();
    this.handle = createBoundKysely<DB>(({ query, queryId }) =>
      queue.run(() => run(compilePlaced(query, queryId, placement))),
    );
    this.queue = queue;
    queues.set(this.handle, queue);
  }

  settled(): Promise<void> {
    return this.queue.settled();
  }
}
