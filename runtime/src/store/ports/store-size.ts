/** How much a store holds, for tools. */
export interface StoreSize {
  /** How many events there are, archived ones included. */
  readonly events: number;
  /** The position of the last event that is visible. */
  readonly position: number;
  /** The greatest first. */
  readonly tables: readonly TableSize[];
}

export interface TableSize {
  readonly name: string;
  /** With its indexes. */
  readonly bytes: number;
  /** As the database estimates it; undefined: it has not counted yet. */
  readonly rows: number | undefined;
}
