import { describe, it } from "vitest";
import { personalCases } from "../../app/personal-data.fixture.js";
import { dumpTables } from "../../conformance/dump-tables.fixture.js";
import { openPostgres, url } from "./postgres.fixture.js";

describe.skipIf(url === undefined)("personal data in PostgreSQL, at POTTER_POSTGRES_URL", () => {
  const open = async () => {
    const under = await openPostgres();
    const { admin, schema } = under;
    return { ...under, dump: () => dumpTables(async (text) => (await admin.query(text)).rows, schema) };
  };
  for (const { name, run } of personalCases) it(name, () => run(open), 60_000);
});
