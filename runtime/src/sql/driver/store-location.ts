import type { RowReader, RowTransaction } from "../../store/ports/index.js";
import type { SqlDriver } from "./driver.js";
import type { Schema } from "./schema.js";

/** Where a store keeps its tables. */
export interface StoreLocation {
  readonly driver: SqlDriver;
  readonly schema: Schema;
}

const locations = new WeakMap<object, StoreLocation>();

/** Remembers where rows are kept. */
export function setStoreLocation(rows: object, place: StoreLocation): void {
  locations.set(rows, place);
}

/** Where rows are kept, to run statements of your own beside them. undefined: the store keeps no SQL. */
export function getStoreLocation(rows: RowReader | RowTransaction): StoreLocation | undefined {
  // Rows may have been extended, as those are that hold personal data: the object that they were is their prototype.
  for (let object: unknown = rows; typeof object === "object" && object !== null; ) {
    const place = locations.get(object);
    if (place !== undefined) return place;
    object = Object.getPrototypeOf(object);
  }
  return undefined;
}
