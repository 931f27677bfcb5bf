// An app stops while hundreds of calls wait for two connections: every call receives a response.
import { StringValueSchema } from "@bufbuild/protobuf/wkt";
import { describe, expect, it } from "vitest";
import { Account, createAccount, deposit, open } from "../../aggregate/account.fixture.js";
import { createApp } from "../../app/index.js";
import { charge, createTill } from "../../app/till.fixture.js";
import { note } from "../../conformance/cases/index.js";
import { readModels } from "../../engines/index.js";
import { es } from "../../message/index.js";
import type { ProjectionPart } from "../../projection/index.js";
import { openPostgres, url } from "./postgres.fixture.js";
import { postgres } from "./postgres.js";

const deposits: ProjectionPart = {
  kind: "projection",
  readModel: {
    name: "Deposits",
    codec: es(StringValueSchema) as never,
    keyField: "value",
    key: () => "k",
    events: { deposited: Account.definition.events["deposited"] as never },
    engine: readModels,
  },
  version: 1,
  mode: "async",
  on: { deposited: async () => {} },
};

/** Number of promises that are still pending after all ready work is done. */
async function countPending(promises: readonly Promise<unknown>[]): Promise<number> {
  let pending = promises.length;
  for (const promise of promises) {
    const settle = () => pending--;
    promise.then(settle, settle);
  }
  await new Promise((resolve) => setTimeout(resolve, 50));
  return pending;
}

describe.skipIf(url === undefined)("an app on two connections that stops under load", () => {
  it("answers all calls in progress", async () => {
    const under = await openPostgres();
    try {
      let effects = 0;
      const app = createApp({
        parts: [createAccount(), ...createTill({ charge: async ({ value }) => ({ value: `${value}:${++effects}` }) })],
        store: await under.peer({ connections: 2 }),
        stopTimeout: 60_000,
      });
      await app.start();
      const calls = Array.from({ length: 300 }, (_, i) =>
        i % 3 === 0
          ? app.send(charge, { value: `${i}` }, { commandId: `k${i}` })
          : app.send(open, { value: `id-${i}` }),
      );
      const settled = Promise.allSettled(calls);
      await app.stop();
      expect(await countPending(calls)).toBe(0);
      expect((await settled).filter(({ status }) => status === "fulfilled")).toHaveLength(300);
      expect(effects).toBe(100);
      const { rows } = await under.admin.query(`SELECT count(*)::integer AS count FROM ${under.schema}.commands`);
      expect(rows).toEqual([{ count: 100 }]);
    } finally {
      await under.close();
    }
  });

  it("rejects calls that cannot end, whatever they wait for", async () => {
    const under = await openPostgres();
    try {
      const store = await under.peer({ connections: 2 });
      const app = createApp({ parts: [createAccount(), deposits, ...createTill()], store, stopTimeout: 100 });
      await app.send(open, { value: "a" });
      // The events are locked, so appends wait for them, and all other calls wait for a connection.
      await under.admin.query(`BEGIN; LOCK TABLE ${under.schema}.events IN SHARE ROW EXCLUSIVE MODE;
        LOCK TABLE ${under.schema}.commands`);
      const append = (id: string) => ({
        stream: { tenant: "", type: "Note", id },
        expectedVersion: 0,
        events: [note("x")],
        correlationId: "",
        causationId: "",
        metadata: {},
      });
      const calls = [
        ...Array.from({ length: 100 }, (_, i) => app.send(open, { value: `id-${i}` })),
        ...Array.from({ length: 100 }, (_, i) => app.send(charge, { value: `${i}` }, { commandId: `k${i}` })),
        app.send(deposit, { value: "a:1" }, { waitFor: ["Deposits"] }),
        app.projection("Deposits").waitFor(1_000_000),
        app.waitForProjections(),
        app.history(Account, "a"),
        // Bypasses the app.
        ...Array.from({ length: 20 }, (_, i) => store.events.append(append(`n${i}`))),
        store.events.readAll(0, 10),
      ];
      const settled = Promise.allSettled(calls);
      await app.stop();
      expect(await countPending(calls)).toBe(0);
      const outcomes = (await settled).map((one) => (one.status === "rejected" ? one.reason.code : "answered"));
      expect(new Set(outcomes.slice(0, 202))).toEqual(new Set(["unavailable"]));
      expect(outcomes.slice(204, 224)).toEqual(Array.from({ length: 20 }, () => "unavailable"));
    } finally {
      await under.admin.query("ROLLBACK");
      await under.close();
    }
  });
});

describe.skipIf(url === undefined)("an app whose database was not ready at the first call", () => {
  it("starts at a later call, and keeps no connection of the failed attempt", async () => {
    const under = await openPostgres();
    try {
      const { schema, admin } = under;
      const store = postgres({
        url: url ?? "",
        schema,
        migrate: false,
        applicationName: `${schema}_late`,
        connections: 2,
      });
      await admin.query(`ALTER TABLE ${schema}.migrations RENAME TO hidden`);
      const app = createApp({ parts: createTill(), store });
      await expect(app.send(charge, { value: "a" })).rejects.toMatchObject({ code: "failed_precondition" });
      const connected = async () => {
        const text = "SELECT count(*)::integer AS count FROM pg_stat_activity WHERE application_name = $1";
        return (await admin.query(text, [`${schema}_late`])).rows[0].count as number;
      };
      await expect.poll(connected).toBe(0);
      await admin.query(`ALTER TABLE ${schema}.hidden RENAME TO migrations`);
      expect((await app.send(charge, { value: "a" })).value).toBe("a");
      await app.stop();
      await expect.poll(connected).toBe(0);
    } finally {
      await under.close();
    }
  });
});
