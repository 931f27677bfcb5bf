import { randomUUID } from "node:crypto";
import { PGlite } from "@electric-sql/pglite";
import type { Store } from "../../store/ports/index.js";
import { pglite } from "../pglite/index.js";
import { postgres } from "../postgres/index.js";
import { url } from "../postgres/postgres.fixture.js";

/** A place for the stores of one case: a schema of its own, in which several stores can be, as processes would. */
export interface TestPlace {
  readonly schema: string;
  open(): Promise<Store>;
  close(): Promise<void>;
}

/** Every medium that can be had here, and how to open a place in it. */
export const media: readonly (readonly [name: string, open: () => Promise<TestPlace>])[] = [
  ["PGlite", openPglite],
  ...(url === undefined ? [] : ([["PostgreSQL", openPostgres]] as const)),
];

let database: PGlite | undefined;

async function openPglite(): Promise<TestPlace> {
  database ??= await PGlite.create();
  return place((schema) => pglite({ database: database as PGlite, schema }));
}

async function openPostgres(): Promise<TestPlace> {
  return place((schema) => postgres({ url: url ?? "", schema, connections: 6 }));
}

function place(create: (schema: string) => Store): TestPlace {
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
