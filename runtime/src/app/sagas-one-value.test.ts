// Sagas that wait for an event by a value of their data: very many by the same one, and while the event comes.
import { expect, it } from "vitest";
import { EarlyTable, KeyTable } from "../saga/row/index.js";
import type { Trip } from "../saga/saga.fixture.js";
import type { RowStore } from "../store/ports/index.js";
import type { App } from "./app.js";
import { CountedRows } from "./counted-rows.fixture.js";
import { addPaid, describeSagas, paid } from "./saga-processes.fixture.js";
import { declare } from "./sagas.fixture.js";

const keyed = paid("paid", { key: (({ email }: Trip) => email) as never });
const all = { conditions: [], limit: 1_000 };

/** Rows that call back when rows were scanned, and when a transaction is about to be committed. */
function hooked(
  rows: RowStore,
  hooks: { afterScan?: () => Promise<void>; beforeCommit?: () => Promise<void> },
): RowStore {
  return {
    get: (...given) => rows.get(...given),
    count: (...given) => rows.count(...given),
    due: (...given) => rows.due(...given),
    async scan(...given) {
      const found = await rows.scan(...given);
      await hooks.afterScan?.();
      return found;
    },
    transact: (apply) =>
      rows.transact(async (transaction) => {
        const result = await apply(transaction);
        await hooks.beforeCommit?.();
        return result;
      }),
  };
}

describeSagas("sagas that wait by one value", (given) => {
  const saga = () => declare([keyed], { name: given().name }, { steps: { paid: addPaid } });

  it("write the same however many wait already, and all receive the event", async () => {
    const { open, name, pay, stateOf, store } = given();
    const counted = new CountedRows(store.rows);
    const part = saga();
    const app = open(part, { rows: counted.rows });
    await app.start();
    const ids = Array.from({ length: 300 }, (_, i) => `t${1_000 + i}`);
    for (const id of ids) await app.saga(name).start({ id, email: "1" });
    const { count, sizes } = counted.of("potter.saga_keys.");
    expect(count).toBe(ids.length);
    expect(new Set(sizes).size).toBe(1);

    await pay(app, "1");
    await expect.poll(async () => (await app.saga(name).counts()).completed, { interval: 50 }).toBe(ids.length);
    for (const id of ids.slice(-3)) expect((await stateOf(app, id))?.data.log).toEqual(["paid 1"]);
    expect(counted.of("potter.saga_keys.").count).toBe(ids.length);
    expect(await store.rows.scan(new KeyTable(part.saga).table, "", all)).toEqual([]);
    // That nobody waits any more is noted once, and by those that were about to note it at the same time.
    expect(counted.of("potter.saga_events.").count).toBeLessThan(50);
    expect(await store.rows.scan(new EarlyTable(part.saga).table, "", all)).toHaveLength(1);
  });

  it("receive an event that has found none of them just before they began to wait", async () => {
    const { open, name, pay, status, stateOf, store } = given();
    let looks = 0;
    const afterScan = async (): Promise<void> => {
      if (++looks === 1) await app.saga(name).start({ id: "t1", email: "1" });
    };
    const app: App = open(saga(), { rows: hooked(store.rows, { afterScan }) });
    await app.start();
    await app.saga(name).start({ id: "other", email: "2" });
    await pay(app, "1");
    await status(app, "t1").toBe("completed");
    await app.waitForProjections();
    expect(looks).toBe(2);
    // Sagas that wait by the value from now on wait for another event.
    await app.saga(name).start({ id: "t2", email: "1" });
    for (const id of ["t2", "other"]) expect((await stateOf(app, id))?.status).toBe("running");
  });

  it("receive an event that is kept while they begin to wait, one of them", async () => {
    const { open, name, pay, stateOf, store } = given();
    let isFirst = true;
    const beforeCommit = async (): Promise<void> => {
      if (!isFirst) return;
      isFirst = false;
      await pay(app, "1");
      await app.waitForProjections();
    };
    const app: App = open(saga(), { rows: hooked(store.rows, { beforeCommit }) });
    await app.start();
    await app.saga(name).start({ id: "t1", email: "1" });
    expect((await stateOf(app, "t1"))?.data.log).toEqual(["paid 1"]);
    await app.saga(name).start({ id: "t2", email: "1" });
    expect((await stateOf(app, "t2"))?.status).toBe("running");
    await pay(app, "1");
    await app.waitForProjections();
    expect((await stateOf(app, "t2"))?.data.log).toEqual(["paid 1"]);
  });

  it("that hold their event are no longer found by it, so that it is kept for none when it is read again", async () => {
    const { open, name, pay, stateOf, status, store } = given();
    const part = saga();
    const app = open(part);
    await app.start();
    await app.saga(name).start({ id: "t1", email: "1" });
    await app.saga(name).pause("t1");
    await pay(app, "1");
    await app.waitForProjections();
    expect((await stateOf(app, "t1"))?.status).toBe("running");
    expect(await store.rows.scan(new KeyTable(part.saga).table, "", all)).toEqual([]);
    await pay(app, "1");
    await app.waitForProjections();
    expect(app.sagas.ignored).toEqual({ "event ended": 1 });
    await app.saga(name).resume("t1");
    await status(app, "t1").toBe("completed");
    expect((await stateOf(app, "t1"))?.data.log).toEqual(["paid 1"]);
  });
});
