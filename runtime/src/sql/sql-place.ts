import type { RowReader } from "../event-store/index.js";
import type { SqlDriver } from "./driver.js";
import type { Schema } from "./schema.js";

/** Where a store keeps its tables. */
export interface SqlPlace {
  readonly driver: SqlDriver;
  readonly schema: Schema;
}

const places = new WeakMap<object, SqlPlace>();

/** Remembers where rows are kept. */
export function setPlace(rows: object, place: SqlPlace): void {
  places.set(rows, place);
}

/** Where rows are kept, to run statements of your own beside them. undefined: the store keeps no SQL. */
export function placeOf(rows: RowReader): SqlPlace | undefined {
  return places.get(rows);
}
