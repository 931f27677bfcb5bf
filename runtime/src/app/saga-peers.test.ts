// Faults that users of other engines reported, as tests of our sagas. docs/sagas-peer-faults.md lists them with their sources.
import { expect, it } from "vitest";
import type { StepDefinition } from "../saga/declaration/index.js";
import { dueOf } from "../saga/machine/index.js";
import { SagaTable } from "../saga/row/index.js";
import { child, command, timer, Visit } from "../saga/saga.fixture.js";
import { addPaid, describeSagas, Outside, Partition, paid } from "./saga-processes.fixture.js";
import { declare } from "./sagas.fixture.js";

const three = [command("hotel"), command("flight", { after: ["hotel"] }), command("pay", { after: ["flight"] })];

describeSagas("what went wrong elsewhere", (given) => {
  const saga = (steps: readonly StepDefinition[], own = {}) =>
    declare(steps, { name: given().name, ...own }, { steps: { paid: addPaid, more: addPaid } });
  const rowOf = async (steps: readonly StepDefinition[], id: string) => {
    const table = new SagaTable(saga(steps).saga);
    return table.toInstance(await given().store.rows.get(table.table, "", id));
  };

  it("a process that starts takes over no saga of a process that is alive", async () => {
    const { open, name, outside, status } = given();
    outside.hold("hotel");
    const alive = open(saga(three), { options: { lease: 3_000 } });
    await alive.saga(name).start({ id: "1" });
    await expect.poll(() => outside.log).toEqual(["hotel"]);
    const first = (await rowOf(three, "1")).steps["hotel"]?.commands[0]?.lease ?? 0;
    const other = open(saga(three));
    expect(await other.saga(name).start({ id: "1" })).toEqual({ id: "1", isNew: false });
    // Another saga of the new process, which has thus looked for what is due, and a demand for this one.
    await other.saga(name).start({ id: "2" });
    expect(await other.saga(name).retry("1")).toEqual({ applied: false, reason: "unchanged" });
    // The process that is alive says so.
    await expect.poll(async () => (await rowOf(three, "1")).steps["hotel"]?.commands[0]?.lease).toBeGreaterThan(first);
    expect(outside.log).toEqual(["hotel", "hotel"]);
    outside.release("hotel");
    await status(alive, "1").toBe("completed");
  });

  it("a process that comes back after a network partition continues no saga that another has taken over", async () => {
    const { open, name, store, status, stateOf } = given();
    const [there, here] = [new Outside(), new Outside()];
    there.hold("hotel");
    const partition = new Partition(store.rows);
    const lost = open(saga(three), { outside: there, rows: partition.rows, options: { lease: 2_000 } });
    await lost.saga(name).start({ id: "1" });
    await expect.poll(() => there.log).toEqual(["hotel"]);
    partition.cut();
    here.hold("hotel");
    const other = open(saga(three), { outside: here, options: { lease: 600_000 } });
    await other.start();
    await expect.poll(() => here.log).toEqual(["hotel"]);
    there.release("hotel");
    partition.mend();
    await expect.poll(() => lost.sagas.fenced).toBe(1);
    here.release("hotel");
    await status(other, "1").toBe("completed");
    expect([there.log, here.log]).toEqual([["hotel"], ["hotel", "flight", "pay"]]);
    // The receiver can recognize the command that was sent twice.
    expect(here.commandIds[0]).toBe(there.commandIds[0]);
    expect((await stateOf(other, "1"))?.data.log).toEqual(["hotel", "flight", "pay"]);
  });

  it("a saga that runs while a new version is deployed continues with the steps that it started with", async () => {
    const { open, name, outside, pay, status, stateOf } = given();
    const old = [command("hotel"), paid("paid", { after: ["hotel"] }), command("last", { after: ["paid"] })];
    const next = [
      command("hotel"),
      command("insure", { after: ["hotel"], sinceVersion: 2 }),
      paid("paid", { after: ["hotel", "insure"] }),
      command("last", { after: ["paid"], untilVersion: 1 }),
    ];
    const before = open(saga(old));
    await before.saga(name).start({ id: "1" });
    await expect.poll(() => outside.log).toEqual(["hotel"]);
    await before.stop();
    const after = open(saga(next, { version: 2 }));
    await after.start();
    await after.saga(name).start({ id: "2" });
    for (const id of ["1", "2"]) await pay(after, id);
    for (const id of ["1", "2"]) await status(after, id).toBe("completed");
    expect((await stateOf(after, "1"))?.data.log).toEqual(["hotel", "paid 1", "last"]);
    expect((await stateOf(after, "2"))?.data.log).toEqual(["hotel", "insure", "paid 2"]);
    expect(await after.saga(name).verify()).toEqual({ checked: 0, problems: [] });
  });

  it("a saga that two processes start at the same time is created once", async () => {
    const { open, name, outside, status } = given();
    const apps = [open(saga(three)), open(saga(three))];
    await Promise.all(apps.map((app) => app.start()));
    const starts = Array.from({ length: 20 }, (_, i) => apps[i % 2]?.saga(name).start({ id: "1" }));
    expect((await Promise.all(starts)).filter((one) => one?.isNew)).toHaveLength(1);
    await status(apps[0] as never, "1").toBe("completed");
    expect(outside.log).toEqual(["hotel", "flight", "pay"]);
  });

  it("a saga that events of two streams start at the same time is created once", async () => {
    const { open, name, outside, pay, status } = given();
    const { event: startsOn } = paid("paid");
    const part = declare(
      three,
      { name, startsOn },
      { start: ({ value }: { readonly value: number }) => ({ id: String(value) }) },
    );
    const app = open(part);
    await app.start();
    await Promise.all([pay(app, "1", "a"), pay(app, "1", "b"), pay(app, "2", "a")]);
    for (const id of ["1", "2"]) await status(app, id).toBe("completed");
    await app.waitForProjections();
    expect(outside.log.filter((what) => what === "hotel")).toHaveLength(2);
    expect(app.sagas.ignored).toEqual({ "start exists": 1 });
  });

  it("events that come before their saga, or at the same time, are not missed", async () => {
    const { open, name, pay, status } = given();
    const app = open(saga([command("hotel"), paid("paid", { after: ["hotel"] })]));
    await app.start();
    const ids = Array.from({ length: 20 }, (_, i) => String(i + 1));
    const first = ids.slice(0, 5);
    for (const id of first) await pay(app, id);
    await app.waitForProjections();
    await Promise.all([
      ...ids.slice(5).map((id, i) => pay(app, id, i % 2 ? "a" : "b")),
      ...ids.map((id) => app.saga(name).start({ id })),
    ]);
    for (const id of ids) await status(app, id).toBe("completed");
  });

  it("an event for a saga that has ended is ignored, and holds up no other", async () => {
    const { open, name, pay, status } = given();
    const app = open(saga([paid("paid")]));
    await app.start();
    for (const id of ["1", "2"]) await app.saga(name).start({ id });
    await app.saga(name).cancel("1");
    for (const id of ["1", "2"]) await pay(app, id);
    await status(app, "2").toBe("completed");
    await app.waitForProjections();
    expect((await app.saga(name).get("1"))?.status).toBe("compensated");
    expect(app.sagas.ignored).toEqual({ "event ended": 1 });
    expect(await app.projection(`saga:${name}`).deadLetters()).toEqual([]);
  });

  it("limits and timers of a saga that has ended never fire, also if its row is gone", async () => {
    const { open, name, store, status } = given();
    const steps = [command("hotel", { timeout: 600_000 }), timer("rest", { delay: 600_000 })];
    const part = saga(steps, { deadline: 600_000 });
    const app = open(part);
    await app.saga(name).start({ id: "1" });
    await expect.poll(async () => (await rowOf(steps, "1")).steps["hotel"]?.status).toBe("done");
    expect(dueOf(await rowOf(steps, "1"))).toBeGreaterThan(0);
    await app.saga(name).skip("1", "rest");
    await status(app, "1").toBe("completed");
    expect(dueOf(await rowOf(steps, "1"))).toBe(0);
    const { table } = new SagaTable(part.saga);
    await store.rows.transact((rows) => rows.delete(table, "", "1"));
    expect(await app.saga(name).retry("1")).toEqual({ applied: false, reason: "unknown_saga" });
    expect(await app.saga(name).get("1")).toBeUndefined();
  });

  it("an event is not missed while its saga begins to wait by a value of its data", async () => {
    const { open, name, pay, status } = given();
    const ids = Array.from({ length: 20 }, (_, i) => String(i + 1));
    const keyed = paid("paid", { after: ["hotel"], key: (({ email }: { email: string }) => email) as never });
    const part = declare(
      [command("hotel"), keyed],
      { name },
      {
        steps: { hotel: { response: (data: { id: string }) => ({ ...data, email: data.id.slice(1) }) }, paid: addPaid },
      },
    );
    const apps = [open(part), open(part)];
    await Promise.all(apps.map((app) => app.start()));
    await Promise.all(
      ids.flatMap((id, i) => [
        apps[i % 2]?.saga(name).start({ id: `x${id}` }),
        pay(apps[0] as never, id, i % 2 ? "a" : "b"),
      ]),
    );
    for (const id of ids) await status(apps[0] as never, `x${id}`).toBe("completed");
  });

  it("two events at the same time begin the step after both once", async () => {
    const { open, name, outside, pay, status } = given();
    const steps = [paid("paid"), paid("more"), command("last", { after: ["paid", "more"] })];
    const apps = [open(saga(steps)), open(saga(steps))];
    await Promise.all(apps.map((app) => app.start()));
    const ids = ["1", "2", "3", "4", "5"];
    for (const id of ids) await apps[0]?.saga(name).start({ id });
    await Promise.all(ids.map((id, i) => pay(apps[0] as never, id, i % 2 ? "a" : "b")));
    for (const id of ids) await status(apps[0] as never, id).toBe("completed");
    expect(outside.log).toEqual(ids.map(() => "last"));
  });

  it("a step of several elements ends with the last of them", async () => {
    const { open, name, outside, status, stateOf } = given();
    const steps = [command("visit", { forEach: true }), command("last", { after: ["visit"] })];
    const app = open(saga(steps));
    outside.hold("visit s7");
    const stops = Array.from({ length: 20 }, (_, i) => `s${i}`);
    await app.saga(name).start({ id: "1", stops });
    await expect.poll(async () => (await stateOf(app, "1"))?.data.log).toHaveLength(19);
    expect(outside.log).not.toContain("last");
    outside.release("visit s7");
    await status(app, "1").toBe("completed");
    const log = (await stateOf(app, "1"))?.data.log ?? [];
    expect(log.slice(-2)).toEqual(["visit s7", "last"]);
    expect([...log].sort()).toEqual([...outside.log].sort());
    expect(new Set(log).size).toBe(21);
  });

  it("a parent continues when its child ends while it starts", async () => {
    const { open, name, outside, status } = given();
    const inner = declare(
      [command("look", { when: true })],
      { name: `${name}Visit`, codec: Visit as never },
      { steps: { look: { when: () => false } } },
    );
    const app = open([saga([child("inner", () => inner.saga), command("last", { after: ["inner"] })]), inner]);
    await app.saga(name).start({ id: "1" });
    await status(app, "1").toBe("completed");
    expect(outside.log).toEqual(["last"]);
  });

  it("a child whose command ends after its parent was cancelled is undone, and then its parent", async () => {
    const { open, name, outside, status } = given();
    const inner = declare([command("look")], { name: `${name}Visit`, codec: Visit as never });
    const app = open([saga([command("hotel"), child("inner", () => inner.saga, { after: ["hotel"] })]), inner]);
    outside.hold("look");
    await app.saga(name).start({ id: "1" });
    await expect.poll(() => outside.log).toEqual(["hotel", "look"]);
    expect(await app.saga(name).cancel("1")).toEqual({ applied: true });
    outside.release("look");
    await status(app, "1").toBe("compensated");
    expect(outside.log).toEqual(["hotel", "look", "undo look 0", "undo hotel 0"]);
  });

  it("timers of a process that has ended fire in another one, which starts no saga", async () => {
    const { open, name, outside, status } = given();
    const steps = [timer("rest", { delay: 300 }), command("last", { after: ["rest"] })];
    const first = open(saga(steps));
    await first.saga(name).start({ id: "1" });
    await first.stop();
    const second = open(saga(steps));
    await second.start();
    await status(second, "1").toBe("completed");
    expect(outside.log).toEqual(["last"]);
  });

  it("a store that is away while sagas of a dead process are taken over leaves none of them behind", async () => {
    const { open, name, store, status } = given();
    const dead = new Outside();
    dead.hold("hotel");
    const partition = new Partition(store.rows);
    const first = open(saga(three), { outside: dead, rows: partition.rows, options: { lease: 2_000 } });
    const ids = ["1", "2", "3", "4", "5"];
    for (const id of ids) await first.saga(name).start({ id });
    await expect.poll(() => dead.log).toHaveLength(5);
    partition.cut();
    const flaky = new Partition(store.rows);
    flaky.failures = 8;
    const second = open(saga(three), { rows: flaky.rows, options: { lease: 600_000 } });
    await second.start();
    for (const id of ids) await status(second, id).toBe("completed");
    expect(flaky.failures).toBeLessThan(0);
    expect(second.sagas.takenOver).toBe(5);
    dead.release("hotel");
    partition.mend();
  });
});
