import type { RowReader, RowTransaction } from "../../store/ports/index.js";
import type { SqlDriver } from "./driver.js";
import type { Schema } from "./schema.js";

/** Driver and schema of a store. */
export interface StoreLocation {
  readonly driver: SqlDriver;
  readonly schema: Schema;
}

const locations = new WeakMap<object, StoreLocation>();

/** Records the location of rows. */
export function setStoreLocation(rows: object, location: StoreLocation): void {
  locations.set(rows, location);
}

/**
 * Returns the location of rows, to run user statements in the same database. undefined: the store is not an SQL store.
 */
export function getStoreLocation(rows: RowReader | RowTransaction): StoreLocation | undefined {
  // Decorated rows, such as those with personal data, have the original object as their prototype.
  for (let object: unknown = rows; typeof object === "object" && object !== null; ) {
    const location = locations.get(object);
    if (location !== undefined) return location;
    object = Object.getPrototypeOf(object);
  }
  return undefined;
}
