// Processes with an older and a newer definition of a saga, on one store: as while a new version is deployed.
import { expect, it } from "vitest";
import { deposit, Withdrawn, withdraw } from "../aggregate/account.fixture.js";
import type { EventDefinition } from "../message/index.js";
import type { StepDefinition } from "../saga/declaration/index.js";
import { SagaTable } from "../saga/row/index.js";
import type { SagaRow } from "../saga/row/row-codec.js";
import { child, command, type Trip, timer, Visit } from "../saga/saga.fixture.js";
import { addPaid, describeSagas, paid } from "./saga-processes.fixture.js";
import { declare } from "./sagas.fixture.js";

const keyed = paid("paid", { key: (({ email }: Trip) => email) as never });

describeSagas("an old process beside a new one", (given) => {
  const saga = (version: number, steps: readonly StepDefinition[]) =>
    declare(steps, { name: given().name, version }, { steps: { paid: addPaid } });

  it.each([
    ["the id of the saga", paid("paid"), "1"],
    ["a value of the data", keyed, "x1"],
  ])("keeps an event that a newer saga waits for by %s", async (_, wait, id) => {
    const { open, name, pay, status, stateOf } = given();
    const last = command("last", { after: ["paid"], sinceVersion: 2 });
    const first = open(saga(2, [wait, last]));
    await first.start();
    await first.saga(name).start({ id, email: "1" });
    await first.stop();

    const old = open(saga(1, [wait]));
    await old.start();
    await pay(old, "1");
    await old.waitForProjections();
    expect(old.sagas.ignored).toEqual({ "event newer_version": 1 });
    expect((await stateOf(old, id))?.status).toBe("running");
    expect(await old.saga(name).cancel(id)).toEqual({ applied: false, reason: "newer_version" });
    // Sagas of the old version go on.
    await old.saga(name).start({ id: "7", email: "7" });
    await pay(old, "7");
    await status(old, "7").toBe("completed");

    const next = open(saga(2, [wait, last]));
    await next.start();
    await status(next, id).toBe("completed");
    expect((await stateOf(next, id))?.data.log).toEqual(["paid 1", "last"]);
  });

  it("hands an event to the newer one that runs beside it", async () => {
    const { open, name, pay, status } = given();
    const old = open(saga(1, [paid("paid")]));
    await old.start();
    const next = open(saga(2, [paid("paid")]));
    await next.start();
    for (const id of ["1", "2", "3"]) await next.saga(name).start({ id });
    for (const id of ["1", "2", "3"]) await pay(old, id);
    for (const id of ["1", "2", "3"]) await status(next, id).toBe("completed");
    // Who has read the events, and how often, is open; nothing is left.
    await next.waitForProjections();
    expect(next.sagas.ignored["event newer_version"]).toBeUndefined();
  });

  it("does not pass over events that only steps of the newer version wait for", async () => {
    const { open, name, status, stateOf } = given();
    const gone = paid("gone", { event: Withdrawn as EventDefinition, sinceVersion: 2 });
    const first = open(saga(2, [paid("paid"), gone]));
    await first.start();
    await first.saga(name).start({ id: "5" });
    await first.stop();

    const old = open(saga(1, [paid("paid")]));
    await old.start();
    await old.send(deposit, { value: "a:5" });
    await old.send(withdraw, { value: "a:5" });
    // Its own events move its checkpoint on.
    await old.send(deposit, { value: "a:77" });
    await old.waitForProjections();
    await old.stop();

    const next = open(saga(2, [paid("paid"), gone]));
    await next.start();
    await status(next, "5").toBe("completed");
    expect((await stateOf(next, "5"))?.steps.map(({ status: one }) => one)).toEqual(["done", "done"]);
  });

  it("keeps the end of a child saga for its newer parent", async () => {
    const { open, name, pay, status, stateOf } = given();
    const eventKey = (({ value }: { readonly value: number }) => `${value}-inner`) as never;
    const inner = declare(
      [paid("paid", { eventKey })],
      { name: `${name}Visit`, codec: Visit as never },
      { steps: { paid: addPaid } },
    );
    const step = child("inner", () => inner.saga);
    const first = open([saga(2, [step]), inner]);
    await first.start();
    await first.saga(name).start({ id: "1" });
    await first.stop();

    const old = open([saga(1, [step]), inner]);
    await old.start();
    await pay(old, "1");
    await expect.poll(async () => (await old.saga(inner.saga.name).get("1-inner"))?.status).toBe("completed");
    expect((await stateOf(old, "1"))?.status).toBe("running");
    await old.stop();

    const next = open([saga(2, [step]), inner]);
    await next.start();
    await status(next, "1").toBe("completed");
    expect((await stateOf(next, "1"))?.data.log).toEqual(["paid 1"]);
  });

  it("looks for what is due at once after any number of sagas that only newer processes can handle", async () => {
    const { open, name, store, status } = given();
    const part = saga(1, [timer("pause", { delay: 600_000 })]);
    const first = open(part);
    await first.saga(name).start({ id: "1" });
    await first.stop();
    const { table } = new SagaTable(part.saga);
    const row = (await store.rows.get(table, "", "1")) as SagaRow;
    const text = row.journal.text.replace(/"timerAt":\d+/, '"timerAt":2');
    await store.rows.transact(async (rows) => {
      for (let i = 0; i < 450; i++) await rows.put(table, "", `new${i}`, { ...row, version: 2, due: 1 });
      await rows.put(table, "", "1", { ...row, due: 2, journal: { text } });
    });
    const old = open(part, { options: { pollInterval: 600_000 } });
    await old.start();
    await status(old, "1").toBe("completed");
  });
});
