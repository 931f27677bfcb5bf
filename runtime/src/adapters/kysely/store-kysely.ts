import { Kysely } from "kysely";
import { PotterError } from "../../errors/index.js";
import { getStoreLocation, type StoreLocation } from "../../sql/index.js";
import type { RowReader, Store } from "../../store/ports/index.js";
import { SessionDialect } from "./dialect.js";
import { SessionDriver } from "./session-driver.js";

/** Returns Kysely on the connections of a started store, for your own statements. It ends with the store. */
export function getKysely<DB>(store: Store): Kysely<DB> {
  return new Kysely<DB>({ dialect: new SessionDialect(new SessionDriver(requireStoreLocation(store).driver)) });
}

/** Returns the location of the tables of a store. Throws for a store without SQL. */
export function requireStoreLocation({
  name,
  rows,
}: {
  readonly name?: string;
  readonly rows: RowReader;
}): StoreLocation {
  const location = getStoreLocation(rows);
  if (location !== undefined) return location;
  const found = name === undefined ? "this one is none" : `the store is "${name}"`;
  throw new PotterError(
    "failed_precondition",
    `tables need a store in SQL, and ${found}: use pglite() of @potter/runtime/pglite, which keeps it in memory for tests, or postgres()`,
  );
}
