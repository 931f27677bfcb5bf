import { randomUUID } from "node:crypto";
import pg from "pg";
import type { StoreUnderTest } from "../../conformance/cases/index.js";
import type { Store } from "../../store/ports/index.js";
import type { PostgresOptions } from "./connections/index.js";
import { postgres } from "./postgres.js";

/** The server that `scripts/services` started; undefined: none is available. */
export const url: string | undefined = process.env["POTTER_POSTGRES_URL"];

if (url === undefined) {
  process.stderr.write(
    "*** SKIPPED: what needs PostgreSQL: POTTER_POSTGRES_URL is not set, see scripts/services.mjs\n",
  );
}

export interface PostgresUnderTest extends StoreUnderTest {
  readonly schema: string;
  /** A connection that bypasses the store. */
  readonly admin: pg.Client;
  /** Another store on the same schema, with its own options. */
  peer(own?: Partial<PostgresOptions>): Promise<Store>;
}

/** A store in its own schema. */
export async function openPostgres(options: Partial<PostgresOptions> = {}): Promise<PostgresUnderTest> {
  const schema = `test_${randomUUID().replaceAll("-", "")}`;
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  const stores: Store[] = [];
  const peer = async (own: Partial<PostgresOptions> = {}) => {
    const store = postgres({ url: url ?? "", schema, applicationName: schema, connections: 8, ...options, ...own });
    await store.start();
    stores.push(store);
    return store;
  };
  return {
    schema,
    admin,
    store: await peer(),
    peer,
    async close() {
      for (const store of stores) await store.stop();
      await admin.query(`DROP SCHEMA ${schema} CASCADE`);
      await admin.end();
    },
  };
}
