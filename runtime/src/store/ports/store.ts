import type { EventSchemaStore } from "./event-schema-store.js";
import type { EventStore } from "./event-store.js";
import type { Outbox } from "./outbox.js";
import type { ProjectionStore } from "./projection-store.js";
import type { RowStore } from "./row-store.js";
import type { StateStore } from "./state-store.js";
import type { StoreHealth } from "./store-health.js";
import type { StoreMigrations } from "./store-migrations.js";
import type { StoreSize } from "./store-size.js";
import type { SubjectKeyStore } from "./subject-key-store.js";

/** A store for `createApp({ store })`: events and rows in one database. */
export interface Store {
  /** Kind of the store, for messages: `postgres`. */
  readonly name: string;
  /** Events, streams, snapshots and recorded commands. */
  readonly events: EventStore;
  /** States of state-stored aggregates. Without it, a contract must not have such aggregates. */
  readonly states?: StateStore;
  /** Events that wait to be sent. */
  readonly outbox?: Outbox;
  /** Rows of read models, and of what the runtime itself keeps in rows. */
  readonly rows: RowStore;
  /** Checkpoints of projections. */
  readonly projections: ProjectionStore;
  /** Keys of personal data. Without it, a contract must not have personal fields in events. */
  readonly keys?: SubjectKeyStore;
  /** Declarations of events. Without it, old payloads cannot be described, and no declaration is refused. */
  readonly schemas?: EventSchemaStore;
  /** Migrations of its tables. Absent: there is nothing to migrate. */
  readonly migrations?: StoreMigrations;
  /** Returns health and load. Never throws. */
  health?(): Promise<StoreHealth>;
  /** Returns the size. Opens its own connection if the store is not started. */
  size?(): Promise<StoreSize>;
  /** Connects and migrates. Called once, before anything else. */
  start(): Promise<void>;
  /**
   * Waits for running work, at most `timeout` milliseconds (default 10 s), then closes all connections. Calls that still wait are
   * rejected with `unavailable`.
   */
  stop(options?: { readonly timeout?: number }): Promise<void>;
}

/** A store in a database, such as `postgres()` and `pglite()`: it has everything that a store can have. */
export type DatabaseStore = Required<Store>;
