// Processes with an older and a newer definition of a saga, on one store: as while a new version is deployed.
import { describe, expect, it } from "vitest";
import { deposit, Withdrawn, withdraw } from "../aggregate/account.fixture.js";
import type { Logger } from "../cqrs/index.js";
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

  it("is followed by one that reads the events of its steps before it can start sagas, and says from where on", async () => {
    const { open, name, pay, status, store } = given();
    const other = open([]);
    const part = saga(2, [paid("paid", { sinceVersion: 2 })]);
    let isPaid = false;
    // Recorded while the process begins its work.
    const rows = new Proxy(store.rows, {
      get(target, key) {
        const value = Reflect.get(target, key, target) as unknown;
        if (typeof value !== "function") return value;
        if (key !== "due") return value.bind(target);
        return async (...args: readonly unknown[]) => {
          if (!isPaid) await pay(other, "55");
          isPaid = true;
          return value.apply(target, args);
        };
      },
    });
    const lines: unknown[] = [];
    const silent = () => {};
    const info: Logger["info"] = (...line) => lines.push(line);
    const app = open(part, { rows, logger: { debug: silent, info, warn: silent, error: silent } });
    await app.start();
    await app.saga(name).start({ id: "55" });
    await status(app, "55").toBe("completed");
    expect(lines).toContainEqual([
      "a saga begins to read the log: it receives events that are recorded from now on",
      { consumer: `saga:${name}:2`, after: expect.any(Number) },
    ]);
  });

  it("is no obstacle to tools of the newer release, which may start sagas before its deployment", async () => {
    const { open, name, pay, status } = given();
    const part = saga(2, [paid("paid", { sinceVersion: 2 })]);
    const tool = open(part);
    await tool.open();
    expect(await tool.saga(name).retry("none")).toEqual({ applied: false, reason: "unknown_saga" });
    await pay(open([]), "56");
    const next = open(part);
    await next.start();
    await next.saga(name).start({ id: "56" });
    await status(next, "56").toBe("completed");
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

  it("leaves a child saga to newer ones if it does not know the parent", async () => {
    const { open, name, outside, pay, status, stateOf } = given();
    const eventKey = (({ value }: { readonly value: number }) => `${value}-inner`) as never;
    const inner = declare(
      [paid("paid", { eventKey }), command("look", { after: ["paid"] })],
      { name: `${name}Visit`, codec: Visit as never },
      { steps: { paid: addPaid } },
    );
    const parent = saga(1, [child("inner", () => inner.saga)]);
    const old = open(inner);
    await old.start();
    const first = open([inner, parent]);
    for (const id of ["1", "2"]) await first.saga(name).start({ id });
    await first.stop();
    const innerOf = old.saga(inner.saga.name);
    await pay(old, "1");
    await old.waitForProjections();
    expect(old.sagas.ignored).toEqual({ "event newer_version": 1 });
    expect(await innerOf.cancel("2-inner")).toEqual({ applied: false, reason: "newer_version" });
    expect(await innerOf.verify()).toMatchObject({
      checked: 2,
      problems: ["1-inner", "2-inner"].map((id) => ({
        id,
        problem: `its parent is a saga ${name}, which this app does not have: it waits for a process with it`,
      })),
    });
    // Those without a parent go on.
    await innerOf.start({ id: "3-inner" });
    await pay(old, "3");
    await expect.poll(async () => (await innerOf.get("3-inner"))?.status).toBe("completed");
    await old.stop();

    const next = open([inner, parent]);
    await next.start();
    await status(next, "1").toBe("completed");
    expect((await stateOf(next, "1"))?.data.log).toEqual(["paid 1+look"]);
    expect(outside.log).toEqual(["look", "look"]);
    expect((await next.saga(inner.saga.name).verify()).problems).toEqual([]);
  });

  describe("with a parent that it compensates and a child of a newer version", () => {
    const family = (version: number, own: Parameters<typeof command>[1] = {}) => {
      const inner = declare([command("look", own)], { name: `${given().name}Visit`, version, codec: Visit as never });
      const wait = paid("paid", { after: ["inner"] });
      return [saga(1, [child("inner", () => inner.saga), wait]), inner] as const;
    };
    /** Starts a parent, whose child completes, then cancels it by a process that does not know the version of the child. */
    const cancel = async (own: Parameters<typeof command>[1] = {}) => {
      const { open, name, stateOf } = given();
      const first = open(family(2, own));
      await first.start();
      await first.saga(name).start({ id: "1" });
      await expect.poll(async () => (await stateOf(first, "1"))?.steps[0]?.status).toBe("done");
      await first.stop();
      const old = open(family(1, own));
      await old.start();
      expect(await old.saga(name).cancel("1")).toEqual({ applied: true });
      expect(await stateOf(old, "1")).toMatchObject({ status: "compensating", steps: [{ status: "undoing" }, {}] });
      return old;
    };

    it("leaves the child to a newer process, which compensates both", async () => {
      const { open, name, outside, status } = given();
      const old = await cancel();
      expect(outside.log).toEqual(["look"]);
      const next = open(family(2));
      await next.start();
      await status(next, "1").toBe("compensated");
      expect((await next.saga(`${name}Visit`).get("1-inner"))?.status).toBe("compensated");
      expect(outside.log).toEqual(["look", "undo look 0"]);
      await old.stop();
    });

    it("suspends the parent if the newer process cannot compensate the child", async () => {
      const { open, status, stateOf } = given();
      await (await cancel({ pivot: true })).stop();
      const next = open(family(2, { pivot: true }));
      await next.start();
      await status(next, "1").toBe("suspended");
      const reason = "the child saga cannot be compensated: pivoted";
      expect((await stateOf(next, "1"))?.failure).toEqual({ code: "failed_precondition", reason });
    });
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
