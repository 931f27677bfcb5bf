/** The size of a store. */
export interface StoreSize {
  /** Number of events, including archived ones. */
  readonly events: number;
  /** Position of the last visible event. */
  readonly position: number;
  /** The largest first. */
  readonly tables: readonly TableSize[];
}

/** Size of one table of a store. */
export interface TableSize {
  /** Name of the table. */
  readonly name: string;
  /** Including indexes. */
  readonly bytes: number;
  /** The estimate of the database; undefined: there is none yet. */
  readonly rows: number | undefined;
}
