/** The declaration of an event by an app that recorded it. */
export interface EventSchema {
  /** Stored type of the event. */
  readonly type: string;
  /** Version of the event's schema. */
  readonly schemaVersion: number;
  /** Full name of its message. */
  readonly message: string;
  /** Hash of its descriptors. */
  readonly hash: string;
}

/**
 * The port that keeps declarations of events, so that stored events can be read when the code that wrote them is gone. Nothing is
 * ever changed or deleted.
 */
export interface EventSchemaStore {
  /** Returns all declarations, oldest first. */
  list(): Promise<readonly EventSchema[]>;
  /**
   * Adds declarations, and descriptors by their hash; existing descriptors stay. `known` is the number of declarations that the
   * caller has read: if there are others by now, adds nothing and returns false.
   */
  add(schemas: readonly EventSchema[], descriptors: ReadonlyMap<string, Uint8Array>, known: number): Promise<boolean>;
  /** Returns descriptors by hash. Omits unknown ones. */
  descriptors(hashes: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>>;
}
