// Sagas that have ended are removed after some time, if the app says so.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { pglite } from "../adapters/pglite/index.js";
import { createAccount, Deposited, deposit, open } from "../aggregate/account.fixture.js";
import type { Part } from "../engines/index.js";
import type { EventDefinition } from "../message/index.js";
import type { StepDefinition } from "../saga/declaration/index.js";
import type { SagaOptions } from "../saga/index.js";
import { type SagaRow, SagaTable } from "../saga/row/index.js";
import { child, command, event, type Trip, Visit } from "../saga/saga.fixture.js";
import { memory } from "../store/memory/index.js";
import type { ProjectionStore, RowTable, Store } from "../store/ports/index.js";
import type { App } from "./app.js";
import { createApp } from "./create-app.js";
import { declare, TripService } from "./sagas.fixture.js";

const brief: SagaOptions = { retention: 1, pollInterval: 20 };
const patience = { interval: 10 };

describe.each(Object.entries({ memory, pglite: () => pglite() }))("sagas that have ended on %s", (_, openStore) => {
  let store: Store;
  let trips: TripService;
  let name = "";
  let tests = 0;
  const apps: App[] = [];
  const hotel = command("hotel");

  beforeAll(async () => {
    store = openStore();
    await store.start();
  });
  beforeEach(() => {
    // A saga of its own for each test, since they share the store.
    name = `trips.v1.Trip${++tests}`;
    trips = new TripService();
  });
  afterEach(async () => {
    await Promise.all(apps.splice(0).map((app) => app.stop()));
  });
  afterAll(() => store.stop());

  function start(parts: readonly Part[], options: SagaOptions, projections: ProjectionStore = store.projections): App {
    const { events, rows, keys } = store;
    const shared = { name: store.name, events, rows, projections, ...(keys && { keys }) };
    const app = createApp({
      parts,
      store: { ...shared, start: async () => {}, stop: async () => {} },
      sagas: options,
    });
    apps.push(app);
    return app;
  }
  const tableOf = (saga: string): RowTable => new SagaTable(declare([hotel], { name: saga }).saga).table;
  const rowOf = async (id: string, saga = name) => (await store.rows.get(tableOf(saga), "", id)) as SagaRow | undefined;
  const row = (id: string, saga = name) => expect.poll(() => rowOf(id, saga), patience);
  /** As if it were due already. */
  const makeDue = (id: string, saga = name) =>
    store.rows.transact(async (rows) => {
      const found = await rows.get(tableOf(saga), "", id);
      if (found !== undefined) await rows.put(tableOf(saga), "", id, { ...found, due: 1 });
    });

  it("are removed after the retention; a start with the id of one is a new one, which sends its commands", async () => {
    const part = declare([hotel], { name });
    const service = trips.part([hotel]);
    const app = start([part, service], { ...brief, retention: 300_000 });
    const control = app.saga(name);
    await control.run({ id: "t1" });
    const { updated, due } = (await rowOf("t1")) as SagaRow;
    expect(due).toBe(updated + 300_000);
    expect(await control.start({ id: "t1" })).toMatchObject({ isNew: false });
    await app.stop();

    // Since another deployment keeps them for less time, they are removed as soon as they are looked at.
    const next = start([part, service], brief);
    await next.start();
    await makeDue("t1");
    await row("t1").toBeUndefined();
    expect(await next.saga(name).start({ id: "t1" })).toMatchObject({ isNew: true });
    await row("t1").toBeUndefined();
    expect(trips.log).toEqual(["hotel", "hotel"]);
    expect(next.sagas.ignored).toEqual({});
  });

  it("stay for ever without a retention, and longer once the retention is longer", async () => {
    const part = declare([hotel], { name });
    const service = trips.part([hotel]);
    const app = start([part, service], { pollInterval: 20 });
    await app.saga(name).run({ id: "t1" });
    expect((await rowOf("t1"))?.due).toBe(0);
    await makeDue("t1");
    await row("t1").toMatchObject({ due: 0 });
    await app.stop();
    const longer = start([part, service], { ...brief, retention: 600_000 });
    await longer.start();
    await makeDue("t1");
    const { updated } = (await rowOf("t1")) as SagaRow;
    await row("t1").toMatchObject({ due: updated + 600_000 });
  });

  it("stay while a saga that may have to undo them runs", async () => {
    const visits = `${name}Visit`;
    const inner = declare([hotel], { name: visits, codec: Visit as never, key: ({ id }: Visit) => id });
    const wait = event("wait", { after: ["visit"] });
    const outer = declare([child("visit", () => inner.saga), wait], { name });
    const app = start([outer, inner, trips.part([hotel])], brief);
    await app.saga(name).start({ id: "t1" });
    await expect.poll(() => rowOf("t1-visit", visits).then((one) => one?.status), patience).toBe("completed");
    const { updated } = (await rowOf("t1-visit", visits)) as SagaRow;
    // It was looked at, and will be looked at again.
    await expect
      .poll(async () => ((await rowOf("t1-visit", visits))?.due ?? 0) - updated, patience)
      .toBeGreaterThan(1_000);
    await app.saga(name).cancel("t1");
    await row("t1").toBeUndefined();
    expect(trips.log).toEqual(["hotel", "undo hotel 0"]);
    await makeDue("t1-visit", visits);
    await row("t1-visit", visits).toBeUndefined();
  });

  it("stay while the event that started them may be read again", async () => {
    const start7 = ({ value }: { value: number }, { stream }: { stream: { id: string } }) =>
      value === 7 ? { id: stream.id } : undefined;
    const steps: readonly StepDefinition[] = [hotel];
    const part = declare(steps, { name, startsOn: Deposited as EventDefinition }, { start: start7 });
    // A checkpoint that is not saved, as that of a process that dies before.
    let isBehind = true;
    const projections = new Proxy(store.projections, {
      get(target, key) {
        const value = Reflect.get(target, key, target) as unknown;
        if (typeof value !== "function") return value;
        if (key !== "list") return value.bind(target);
        return async (names: readonly string[]) => {
          const builds = await target.list(names);
          if (!isBehind || !names.includes(`saga:${name}`)) return builds;
          return builds.map((one) => ({ ...one, shards: one.shards.map((shard) => ({ ...shard, position: 0 })) }));
        };
      },
    });
    const app = start([createAccount(), part, trips.part(steps)], brief, projections);
    const id = `a${tests}`;
    await app.start();
    await app.send(open, { value: id });
    await app.send(deposit, { value: `${id}:7` });
    await expect.poll(() => rowOf(id).then((one) => one?.status), patience).toBe("completed");
    const { updated } = (await rowOf(id)) as SagaRow;
    await expect.poll(async () => ((await rowOf(id))?.due ?? 0) - updated, patience).toBeGreaterThan(1_000);
    await app.waitForProjections();
    isBehind = false;
    await makeDue(id);
    await row(id).toBeUndefined();
    expect(trips.log).toEqual(["hotel"]);
  });

  it("end the wait of a process that has not seen the end", async () => {
    const wait = event("wait");
    const part = declare([wait], { name });
    const [one, other] = [start([part], { pollInterval: 600_000 }), start([part], brief)];
    await Promise.all([one.start(), other.start()]);
    const waiting = one.saga(name).run({ id: "t1" } satisfies Partial<Trip>);
    const settled = waiting.then(
      ({ status }) => status,
      (error: unknown) => (error as { readonly code: string }).code,
    );
    await expect.poll(() => rowOf("t1"), patience).toBeDefined();
    await other.saga(name).skip("t1", "wait");
    expect(["completed", "not_found"]).toContain(await settled);
    await row("t1").toBeUndefined();
  });

  it("end those who watch them, with an error if they have not seen the end", async () => {
    const part = declare([event("wait")], { name });
    const app = start([part], { pollInterval: 20 });
    const control = app.saga(name);
    const remove = (id: string) => store.rows.transact((rows) => rows.delete(tableOf(name), "", id));
    for (const id of ["seen", "late"]) await control.start({ id } satisfies Partial<Trip>);
    const seen = control.watch("seen")[Symbol.asyncIterator]();
    expect((await seen.next()).value).toMatchObject({ status: "running" });
    const end = seen.next();
    await control.skip("seen", "wait");
    expect((await end).value).toMatchObject({ status: "completed" });
    const after = seen.next();
    await remove("seen");
    expect(await after).toEqual({ done: true, value: undefined });

    const late = control.watch("late")[Symbol.asyncIterator]();
    expect((await late.next()).value).toMatchObject({ status: "running" });
    // Ended and removed by another process, between two reads.
    await remove("late");
    const message = "the saga late has ended and was removed";
    await expect(late.next()).rejects.toMatchObject({ code: "not_found", message });
  });

  it("are not removed after a time that is no number of milliseconds", () => {
    for (const retention of [0, -1, 0.5, Number.NaN]) {
      expect(() => start([declare([wait()], { name })], { retention })).toThrow(
        `sagas.retention is ${retention}: expected milliseconds from 1`,
      );
    }
  });

  const wait = () => event("wait");
});
