import { Kysely } from "kysely";
import { PotterError } from "../../errors/index.js";
import { getStoreLocation, type StoreLocation } from "../../sql/index.js";
import type { RowReader, Store } from "../../store/ports/index.js";
import { SessionDialect } from "./dialect.js";
import { SessionDriver } from "./session-driver.js";

/** Kysely over the connections of a started store, for statements of your own. Ends with the store. */
export function getKysely<DB>(store: Store): Kysely<DB> {
  return new Kysely<DB>({ dialect: new SessionDialect(new SessionDriver(toPlace(store).driver)) });
}

/** Where the store keeps its tables; an error that says what to use instead, if it keeps none. */
export function toPlace({ name, rows }: { readonly name?: string; readonly rows: RowReader }): StoreLocation {
  const place = getStoreLocation(rows);
  if (place !== undefined) return place;
  const found = name === undefined ? "this one is none" : `the store is "${name}"`;
  throw new PotterError(
    "failed_precondition",
    `tables need a store in SQL, and ${found}: use pglite() of @potter/runtime/pglite, which keeps it in memory for tests, or postgres()`,
  );
}
