import { describe, it } from "vitest";
import { eventStoreConformance } from "../../conformance/event-store/index.js";
import { makeAllPersonal, sealed } from "../../conformance/sealed.fixture.js";
import { openPostgres, url } from "./postgres.fixture.js";

makeAllPersonal();

describe.skipIf(url === undefined)("PostgreSQL with personal events, at POTTER_POSTGRES_URL", () => {
  for (const { name, run } of eventStoreConformance(sealed(openPostgres))) it(name, run, 60_000);
});
