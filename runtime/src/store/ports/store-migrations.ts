/** How the tables of a store stand against what this release knows. */
export interface MigrationStatus {
  /** Where the tables are, for people: `schema potter of postgres`. */
  readonly place: string;
  /** The last step that was taken. 0: there are no tables yet. */
  readonly current: number;
  /** The last step that this release knows. */
  readonly known: number;
  /** The steps that are still to be taken. */
  readonly pending: readonly number[];
  /** The oldest release, by the last step that it knows, that still works with these tables. */
  readonly oldest: number;
}

/** The steps of a store's tables, for a job of the deployment. Connects for itself where the store is not started. */
export interface StoreMigrations {
  status(): Promise<MigrationStatus>;
  /** Takes the steps that are missing, and tells how the tables stand then. */
  run(): Promise<MigrationStatus>;
}
