import type { EventSchemaStore } from "./event-schema-store.js";
import type { EventStore } from "./event-store.js";
import type { Outbox } from "./outbox.js";
import type { ProjectionStore } from "./projection-store.js";
import type { RowReader } from "./rows.js";
import type { StateStore } from "./state-store.js";
import type { StoreHealth } from "./store-health.js";
import type { StoreMigrations } from "./store-migrations.js";
import type { StoreSize } from "./store-size.js";
import type { SubjectKeyStore } from "./subject-key-store.js";

/** What `createApp({ store })` takes: events and rows in one database. */
export interface Store {
  readonly name: string;
  readonly events: EventStore;
  /** The states of aggregates that store them. A store without serves contracts without such aggregates. */
  readonly states?: StateStore;
  /** Events that are still to be sent. */
  readonly outbox?: Outbox;
  readonly rows: RowReader;
  /** How far projections have come. */
  readonly projections: ProjectionStore;
  /** Keys of personal data. A store without any serves contracts without personal fields in events. */
  readonly keys?: SubjectKeyStore;
  /** How events were declared. A store without does not know old payloads, and refuses no declaration. */
  readonly schemas?: EventSchemaStore;
  /** The steps of its tables. A store without any has nothing to migrate. */
  readonly migrations?: StoreMigrations;
  /** How it is, and how busy. Never throws. */
  health?(): Promise<StoreHealth>;
  /** How much it holds. Connects for itself where the store is not started. */
  size?(): Promise<StoreSize>;
  /** Connects and migrates. Called once, before anything else. */
  start(): Promise<void>;
  /**
   * Lets running work end, for at most `timeout` milliseconds (default 10 s), then closes what it opened. What still waits, for a
   * connection or an answer, is rejected with `unavailable`.
   */
  stop(options?: { readonly timeout?: number }): Promise<void>;
}
