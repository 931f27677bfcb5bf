import { describe, it } from "vitest";
import { makeAllPersonal, sealed } from "../../testing/conformance-sealed.fixture.js";
import { eventStoreConformance } from "../../testing/event-store-conformance.js";
import { openPostgres, url } from "./postgres.fixture.js";

makeAllPersonal();

describe.skipIf(url === undefined)("PostgreSQL with personal events, at POTTER_POSTGRES_URL", () => {
  for (const { name, run } of eventStoreConformance(sealed(openPostgres))) it(name, run, 60_000);
});
