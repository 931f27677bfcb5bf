import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, it } from "vitest";
import { personalCases } from "../../app/personal-data.fixture.js";
import { dumpTables } from "../../conformance/dump-tables.fixture.js";
import type { Store } from "../../store/ports/index.js";
import { openDatabase, type PgliteDatabase } from "./database.js";
import { pglite } from "./pglite.js";

describe("personal data in PGlite", () => {
  let database: PgliteDatabase;
  beforeAll(async () => {
    database = await openDatabase(undefined);
  });
  afterAll(() => database.close());

  const open = async () => {
    const schema = `test_${randomUUID().replaceAll("-", "")}`;
    const stores: Store[] = [];
    const peer = async () => {
      const store = pglite({ database, schema });
      await store.start();
      stores.push(store);
      return store;
    };
    return {
      store: await peer(),
      peer,
      dump: () => dumpTables(async (text) => (await database.query(text, [])).rows as never, schema),
      async close() {
        for (const store of stores) await store.stop();
        await database.exec(`DROP SCHEMA ${schema} CASCADE`);
      },
    };
  };
  for (const { name, run } of personalCases) it(name, () => run(open), 60_000);
});
