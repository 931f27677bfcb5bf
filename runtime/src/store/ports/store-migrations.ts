/** The migration state of a store's tables, compared to this release. */
export interface MigrationStatus {
  /** Location of the tables, for display: `schema potter of postgres`. */
  readonly place: string;
  /** The last migration that was applied. 0: there are no tables yet. */
  readonly current: number;
  /** The last migration that this release knows. */
  readonly known: number;
  /** The migrations that are still to be applied. */
  readonly pending: readonly number[];
  /** The oldest release that still works with these tables, by the last migration that it knows. */
  readonly oldest: number;
}

/** Migrates a store, for a deployment job. Opens its own connection if the store is not started. */
export interface StoreMigrations {
  /** Returns which migrations were applied and which are pending. Changes nothing. */
  status(): Promise<MigrationStatus>;
  /** Applies the pending migrations and returns the new status. */
  run(): Promise<MigrationStatus>;
}
