// Messages and definitions that sagas should never meet, and do.
import { expect, it } from "vitest";
import type { Logger } from "../cqrs/index.js";
import { PotterError } from "../errors/index.js";
import type { StepDefinition } from "../saga/declaration/index.js";
import { SagaTable } from "../saga/row/index.js";
import type { SagaRow } from "../saga/row/row-codec.js";
import { command, type Trip, timer } from "../saga/saga.fixture.js";
import { addPaid, describeSagas, paid } from "./saga-processes.fixture.js";
import { declare } from "./sagas.fixture.js";

describeSagas("bad input of sagas", (given) => {
  const saga = (steps: readonly StepDefinition[]) =>
    declare(steps, { name: given().name }, { steps: { paid: addPaid, more: addPaid } });

  it("a response for a saga that has ended, or that is gone, changes nothing", async () => {
    const { open, name, outside, store, status } = given();
    const late = [command("hotel", { timeout: 50, onTimeout: "continue" })];
    const app = open(saga(late));
    outside.hold("hotel");
    await app.saga(name).start({ id: "1" });
    await status(app, "1").toBe("completed");
    outside.release("hotel");
    await expect.poll(() => app.sagas.ignored).toEqual({ "response ended": 1 });
    await app.stop();

    const other = open(saga([command("hotel")]));
    outside.hold("hotel");
    await other.saga(name).start({ id: "2" });
    await expect.poll(() => outside.log).toEqual(["hotel", "hotel"]);
    const { table } = new SagaTable(saga(late).saga);
    await store.rows.transact((rows) => rows.delete(table, "", "2"));
    outside.release("hotel");
    await expect.poll(() => other.sagas.ignored).toEqual({ "response unknown_saga": 1 });
    expect(await other.saga(name).get("2")).toBeUndefined();
    await other.saga(name).start({ id: "3" });
    await status(other, "3").toBe("completed");
  });

  it("an event that several sagas wait for reaches each of them once", async () => {
    const { open, name, pay, stateOf } = given();
    const keyed = paid("paid", { key: (({ email }: Trip) => email) as never });
    // The sagas go on after the event, so that a second one would find them.
    const apps = [open(saga([keyed, paid("more")])), open(saga([keyed, paid("more")]))];
    await Promise.all(apps.map((app) => app.start()));
    const [app] = apps as [(typeof apps)[0]];
    const ids = ["x1", "x2", "x3"];
    for (const [i, id] of ids.entries()) await apps[i % 2]?.saga(name).start({ id, email: "1" });
    await app.saga(name).start({ id: "other", email: "2" });
    for (const account of ["a", "b"]) await pay(app, "1", account);
    for (const id of ids) {
      await expect.poll(async () => (await stateOf(app, id))?.data.log).toEqual(["paid 1"]);
    }
    await Promise.all(apps.map((one) => one.waitForProjections()));
    for (const id of ids) expect((await stateOf(app, id))?.data.log).toEqual(["paid 1"]);
    expect((await stateOf(app, "other"))?.data.log).toEqual([]);
  });

  it("a definition that lost a step suspends its sagas with the reason, and others go on", async () => {
    const { open, name, pay, status, stateOf } = given();
    const wait = paid("paid");
    const whole = [wait, command("last", { after: ["paid"] })];
    const before = open(saga(whole));
    await before.start();
    await before.saga(name).start({ id: "1" });
    await before.stop();

    const warnings: unknown[] = [];
    const silent = () => {};
    const logger: Logger = { debug: silent, info: silent, error: silent, warn: (...line) => warnings.push(line) };
    const lost = open(saga([wait]), { logger });
    await lost.start();
    await lost.saga(name).start({ id: "2" });
    for (const id of ["1", "2"]) await pay(lost, id);
    await status(lost, "2").toBe("completed");
    await status(lost, "1").toBe("suspended");
    const failure = { code: "failed_precondition", reason: "the definition has lost the step last" };
    expect(await lost.saga(name).list({ status: "suspended" })).toMatchObject({ items: [{ id: "1", failure }] });
    expect(await lost.saga(name).counts()).toMatchObject({ suspended: 1, completed: 1 });
    expect((await lost.saga(name).verify()).problems).toMatchObject([
      { id: "1", problem: "the definition has lost the step last: it is suspended; restore the step" },
    ]);
    expect(await lost.saga(name).resume("1")).toEqual({ applied: false, reason: "unknown_step" });
    expect(warnings).toEqual([
      [
        "a saga is suspended until a person retries, skips or cancels",
        { saga: name, id: "1", step: "last", ...failure },
      ],
    ]);
    await lost.stop();

    const restored = open(saga(whole));
    expect(await restored.saga(name).resume("1")).toEqual({ applied: true });
    await status(restored, "1").toBe("completed");
    expect((await stateOf(restored, "1"))?.data.log).toEqual(["paid 1", "last"]);
  });

  it("rows that cannot be read keep no other saga waiting, and are reported", async () => {
    const { open, name, store, status } = given();
    const part = saga([timer("pause", { delay: 600_000 })]);
    const before = open(part);
    await before.saga(name).start({ id: "1" });
    await before.stop();
    const { table } = new SagaTable(part.saga);
    const row = (await store.rows.get(table, "", "1")) as SagaRow;
    const text = row.journal.text.replace(/"timerAt":\d+/, '"timerAt":2');
    await store.rows.transact(async (rows) => {
      const damaged = { ...row, due: 1, journal: { text: text.slice(1) } };
      for (let i = 0; i < 250; i++) await rows.put(table, "", `bad${i}`, damaged);
      await rows.put(table, "", "1", { ...row, due: 2, journal: { text } });
    });
    const warnings: unknown[] = [];
    const silent = () => {};
    const logger: Logger = { debug: silent, info: silent, error: silent, warn: (...line) => warnings.push(line) };
    const app = open(part, { logger, options: { pollInterval: 600_000 } });
    await app.start();
    await status(app, "1").toBe("completed");
    expect(app.sagas.failures).toBeGreaterThanOrEqual(250);
    expect(warnings[0]).toEqual([
      "sagas that are due could not be handled, will retry",
      expect.objectContaining({
        saga: name,
        count: 200,
        failures: 1,
        error: expect.objectContaining({ code: "data_loss" }),
      }),
    ]);
  });

  it("a start without an id is refused, and an event that gives none is kept aside", async () => {
    const { open, name, pay } = given();
    const { event: startsOn } = paid("paid");
    const part = declare([command("hotel")], { name, startsOn }, { start: () => ({ email: "e" }) });
    const app = open(part);
    const refusal = { code: "invalid_argument", message: `the saga ${name} has no id: set the field id of its data` };
    await expect(app.saga(name).start({ email: "e" })).rejects.toMatchObject(refusal);
    await expect(app.saga(name).run({ email: "e" })).rejects.toMatchObject(refusal);
    await app.start();
    await pay(app, "13", "a");
    await expect
      .poll(() => app.projection(`saga:${name}`).deadLetters())
      .toMatchObject([{ key: "account/a", error: expect.stringContaining("invalid_argument") }]);
    expect((await app.saga(name).list()).items).toEqual([]);
  });

  it("an event whose handling fails is kept aside, and events of other streams go on", () =>
    keepsAside(() => new Error("a fault of the behaviour")));

  it("an event whose function fails as a store does that is away is kept aside too", () =>
    keepsAside(() => new PotterError("unavailable", "a fault of the behaviour")));

  async function keepsAside(createError: () => Error): Promise<void> {
    const { open, name, pay, status } = given();
    let isFaulty = true;
    const { event: startsOn } = paid("paid");
    const part = declare(
      [command("hotel")],
      { name, startsOn },
      {
        start: ({ value }: { readonly value: number }) => {
          if (value === 13 && isFaulty) throw createError();
          return { id: String(value) };
        },
      },
    );
    const app = open(part);
    await app.start();
    await pay(app, "13", "a");
    await pay(app, "14", "a");
    await pay(app, "15", "b");
    await status(app, "15").toBe("completed");
    const consumer = app.projection(`saga:${name}`);
    await expect
      .poll(() => consumer.deadLetters())
      .toMatchObject([
        { key: "account/a", error: expect.any(String) },
        { key: "account/a", error: undefined },
      ]);
    isFaulty = false;
    await consumer.retry("account/a");
    for (const id of ["13", "14"]) await status(app, id).toBe("completed");
  }
});
