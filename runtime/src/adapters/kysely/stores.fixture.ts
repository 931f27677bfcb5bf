import { randomUUID } from "node:crypto";
import { PGlite } from "@electric-sql/pglite";
import type { Store } from "../../store/ports/index.js";
import { pglite } from "../pglite/index.js";
import { postgres } from "../postgres/index.js";
import { url } from "../postgres/postgres.fixture.js";

/** The database of one case: a schema of its own, which several stores open, as processes would. */
export interface TestDatabase {
  readonly schema: string;
  open(): Promise<Store>;
  close(): Promise<void>;
}

/** Every medium that is available here, and how to open a database in it. */
export const media: readonly (readonly [name: string, open: () => Promise<TestDatabase>])[] = [
  ["PGlite", openPglite],
  ...(url === undefined ? [] : ([["PostgreSQL", openPostgres]] as const)),
];

let database: PGlite | undefined;

async function openPglite(): Promise<TestDatabase> {
  database ??= await PGlite.create();
  return createDatabase((schema) => pglite({ database: database as PGlite, schema }));
}

async function openPostgres(): Promise<TestDatabase> {
  return createDatabase((schema) => postgres({ url: url ?? "", schema, connections: 6 }));
}

function createDatabase(create: (schema: string) => Store): TestDatabase {
  const schema = `t_${randomUUID().replaceAll("-", "").slice(0, 12)}`;
  const stores: Store[] = [];
  return {
    schema,
    async open() {
      const store = create(schema);
      await store.start();
      stores.push(store);
      return store;
    },
    async close() {
      for (const store of stores) await store.stop();
    },
  };
}
