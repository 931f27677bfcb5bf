/** How an event was declared by an app that recorded it. */
export interface EventSchema {
  /** Its stored type. */
  readonly type: string;
  readonly schemaVersion: number;
  /** Full name of its message. */
  readonly message: string;
  /** Names its descriptors. */
  readonly hash: string;
}

/**
 * The port of stores that remember how events were declared, so that what was stored can be read when the code that wrote
 * it is gone. Nothing is ever changed or taken away.
 */
export interface EventSchemaStore {
  /** All declarations, oldest first. */
  list(): Promise<readonly EventSchema[]>;
  /**
   * Adds declarations, and descriptors by their hash; those that are known stay as they are. Adds nothing and gives false
   * unless there are `known` declarations: others were added since, and the caller has not seen them.
   */
  add(schemas: readonly EventSchema[], descriptors: ReadonlyMap<string, Uint8Array>, known: number): Promise<boolean>;
  /** Descriptors by hash, as they were added. Leaves out those that are unknown. */
  descriptors(hashes: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>>;
}
