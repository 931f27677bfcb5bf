import { expect } from "vitest";
import type { EventDefinition } from "../message/index.js";
import type { SagaState } from "../saga/index.js";
import { EarlyTable } from "../saga/row/index.js";
import { event, type Trip } from "../saga/saga.fixture.js";
import { createApp } from "./create-app.js";
import { Placed, place } from "./member.fixture.js";
import { type PersonalCase, parts, personalCase } from "./personal-case.fixture.js";
import { declare } from "./sagas.fixture.js";

const name = "trips.v1.Delivery";

/** Waits for the order of its id, and keeps the address. */
const delivery = (version = 1) =>
  declare(
    [
      event("placed", {
        event: Placed as EventDefinition,
        eventKey: (({ id }: { readonly id: string }) => id) as never,
        timeout: 600_000,
      }),
    ],
    { name, version },
    { steps: { placed: { event: (data: Trip, { address }: { address: string }) => ({ ...data, email: address }) } } },
  );

/** What sagas keep of personal data that they cannot use yet. */
export const sagaCases: readonly PersonalCase[] = [
  personalCase("keeps no event in clear text until its saga starts", async ({ peer, store }) => {
    const app = createApp({ parts: [...parts("inline"), delivery()], store: await peer() });
    try {
      await app.start();
      await app.send(place, { id: "o1", memberId: "ada", address: "Am Anger 3" });
      await app.send(place, { id: "o2", memberId: "bob", address: "Schlossgasse" });
      await app.waitForProjections();
      const { table } = new EarlyTable(delivery().saga);
      const kept = await store.rows.scan(table, "", { conditions: [], limit: 10 });
      expect(kept).toHaveLength(2);
      const text = kept.map(({ row }) => new TextDecoder().decode(table.codec.encode(row as never))).join();
      expect(text).toContain("bob");
      for (const secret of ["Am Anger 3", "Schlossgasse"]) expect(text).not.toContain(secret);

      await app.eraseSubject("bob");
      const control = app.saga(name);
      for (const id of ["o1", "o2"]) await control.start({ id });
      const state = (await control.get("o1")) as SagaState<Trip> | undefined;
      expect(state).toMatchObject({ status: "completed", data: { email: "Am Anger 3" } });
      // Of the event of an erased data subject nothing is left.
      expect((await control.get("o2"))?.status).toBe("running");
    } finally {
      await app.stop();
    }
  }),
  personalCase("keeps no event in clear text until a newer process takes it", async ({ peer, store }) => {
    const open = async (version: number) => {
      const app = createApp({ parts: [...parts("inline"), delivery(version)], store: await peer() });
      await app.start();
      return app;
    };
    const first = await open(2);
    await first.saga(name).start({ id: "o1" });
    await first.stop();
    const old = await open(1);
    await old.send(place, { id: "o1", memberId: "ada", address: "Am Anger 3" });
    await old.waitForProjections();
    await old.stop();
    const { table } = new EarlyTable(delivery().saga);
    const kept = await store.rows.scan(table, "", { conditions: [], limit: 10 });
    const text = kept.map(({ row }) => new TextDecoder().decode(table.codec.encode(row as never))).join();
    expect(text).toContain("ada");
    expect(text).not.toContain("Am Anger 3");
    const next = await open(2);
    try {
      const state = async () => (await next.saga(name).get("o1")) as SagaState<Trip> | undefined;
      await expect.poll(async () => (await state())?.status).toBe("completed");
      expect((await state())?.data.email).toBe("Am Anger 3");
    } finally {
      await next.stop();
    }
  }),
];
