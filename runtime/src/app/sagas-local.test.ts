// Sagas whose steps are commands of aggregates in the same store, started and continued by events.
import type { StringValue } from "@bufbuild/protobuf/wkt";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { pglite } from "../adapters/pglite/index.js";
import { Account, createAccount, Deposited, deposit, Opened, open, withdraw } from "../aggregate/account.fixture.js";
import type { EventDefinition } from "../message/index.js";
import type { SagaPart } from "../saga/declaration/index.js";
import type { SagaState } from "../saga/index.js";
import { EarlyTable } from "../saga/row/index.js";
import { command, event, type Trip } from "../saga/saga.fixture.js";
import { memory } from "../store/memory/index.js";
import type { Store } from "../store/ports/index.js";
import type { App } from "./app.js";
import { createApp } from "./create-app.js";
import { declare } from "./sagas.fixture.js";

/** Transfers 5 from one account to another. Started by a deposit of 7. */
function transfer(name: string, more: Parameters<typeof declare>[0] = []): SagaPart {
  const take = command("take", { command: withdraw as never, compensation: deposit as never });
  const give = command("give", { after: ["take"], command: deposit as never, compensation: withdraw as never });
  const response = (data: Trip, { value }: { value: number }) => ({ ...data, log: [...data.log, String(value)] });
  const from = ({ id }: Trip) => ({ value: `${id}:5` });
  const to = ({ id }: Trip) => ({ value: `${id.replace("from", "to")}:5` });
  return declare(
    [take, give, ...more],
    { name, startsOn: Deposited as EventDefinition },
    {
      start: ({ value }: { value: number }, { stream }: { stream: { id: string } }) =>
        value === 7 ? { id: stream.id, email: "a@example.com" } : undefined,
      steps: {
        take: { command: from, compensation: from, response },
        give: { command: to, compensation: to, response },
        last: { command: ({ id }: Trip) => ({ value: `${id}:1000` }) },
      },
    },
  );
}

describe.each(Object.entries({ memory, pglite: () => pglite() }))("sagas of aggregates on %s", (_, openStore) => {
  let store: Store;
  let name = "";
  let tests = 0;
  const apps: App[] = [];

  function start(part: SagaPart): App {
    const { events, rows, projections, keys } = store;
    const shared: Store = {
      name: store.name,
      events,
      rows,
      projections,
      ...(keys && { keys }),
      start: async () => {},
      stop: async () => {},
    };
    const app = createApp({ parts: [createAccount(), part], store: shared });
    apps.push(app);
    return app;
  }
  const balance = async (app: App, id: string) => (await app.send(deposit, { value: `${id}:0` })).value;
  const stateOf = async (app: App, id: string) => (await app.saga(name).get(id)) as SagaState<Trip> | undefined;
  const status = (app: App, id: string) => expect.poll(async () => (await stateOf(app, id))?.status);
  beforeAll(async () => {
    store = openStore();
    await store.start();
  });
  beforeEach(() => {
    name = `trips.v1.Trip${++tests}`;
  });
  afterEach(async () => {
    await Promise.all(apps.splice(0).map((app) => app.stop()));
  });
  afterAll(() => store.stop());

  it("write each command and its transition in one transaction, and are started once by their event", async () => {
    const app = start(transfer(name));
    await app.start();
    const [from, to] = [`from${tests}`, `to${tests}`];
    for (const value of [to, from]) await app.send(open, { value });
    await app.send(deposit, { value: `${from}:7` }, { user: "ann" });
    await status(app, from).toBe("completed");
    expect([await balance(app, from), await balance(app, to)]).toEqual([2, 5]);
    const state = await stateOf(app, from);
    expect(state?.data).toMatchObject({ email: "a@example.com", log: ["2", "5"] });
    // The start, and what follows from each of the two commands: one transaction.
    expect(app.sagas.transitions).toBe(3);
    const [, deposited, taken] = await app.history(Account, from);
    expect(taken).toMatchObject({ correlationId: deposited?.correlationId, metadata: { user: "ann" } });
    const raw = (await app.rawStore.events.readStream({ tenant: "", type: "account", id: from })).length;
    expect(raw).toBe(3);
  });

  it("undo what was done when an aggregate refuses", async () => {
    const { compensation: _, ...last } = command("last", { after: ["give"], command: withdraw as never });
    const app = start(transfer(name, [last]));
    await app.start();
    const [from, to] = [`from${tests}`, `to${tests}`];
    for (const value of [to, from]) await app.send(open, { value });
    await app.send(deposit, { value: `${from}:7` });
    await status(app, from).toBe("compensated");
    expect([await balance(app, from), await balance(app, to)]).toEqual([7, 0]);
    expect((await stateOf(app, from))?.failure).toEqual({
      code: "failed_precondition",
      reason: "google.protobuf.Int32Value",
    });
  });

  it("start by themselves when their first command is refused, and only once", async () => {
    const { compensation: _, ...take } = command("take", { command: withdraw as never });
    const app = start(
      declare([take], { name }, { steps: { take: { command: ({ id }: Trip) => ({ value: `${id}:5` }) } } }),
    );
    const [rich, poor] = [`rich${tests}`, `poor${tests}`];
    for (const value of [rich, poor]) await app.send(open, { value });
    await app.send(deposit, { value: `${rich}:9` });
    const control = app.saga(name);
    expect(await control.start({ id: poor })).toEqual({ id: poor, isNew: true });
    await status(app, poor).toBe("compensated");
    expect((await stateOf(app, poor))?.steps).toMatchObject([{ status: "failed", attempts: 1 }]);
    const starts = await Promise.all(Array.from({ length: 3 }, () => control.start({ id: rich })));
    expect(starts.filter(({ isNew }) => isNew)).toHaveLength(1);
    await status(app, rich).toBe("completed");
    for (const id of [rich, poor]) expect((await control.start({ id })).isNew).toBe(false);
    expect([await balance(app, rich), await balance(app, poor)]).toEqual([4, 0]);
    expect(app.sagas.transitions).toBe(4);
  });

  it("wait for events by a value of the data that comes later, each of several sagas", async () => {
    const keyed = event("keyed", {
      after: ["set"],
      event: Opened as EventDefinition,
      eventKey: (({ value }: StringValue) => value) as never,
      key: (({ email }: Trip) => email) as never,
    });
    const { compensation: _, ...set } = command("set", { command: deposit as never });
    const behaviour = {
      set: {
        command: ({ id }: Trip) => ({ value: `${id}:1` }),
        response: (data: Trip) => ({ ...data, email: "somebody" }),
      },
      keyed: { event: (data: Trip, { value }: StringValue) => ({ ...data, log: [value] }) },
    };
    const app = start(declare([set, keyed], { name }, { steps: behaviour }));
    const ids = [`w${tests}`, `x${tests}`];
    for (const value of ids) await app.send(open, { value });
    await app.waitForProjections();
    // Of the events that came before, the first saga that waits takes the one that was kept.
    await app.saga(name).start({ id: ids[0] });
    await status(app, ids[0] as string).toBe("completed");
    await app.saga(name).start({ id: ids[1] });
    await expect.poll(async () => (await stateOf(app, ids[1] as string))?.steps[1]?.status).toBe("running");
    await app.send(open, { value: `other${tests}` });
    for (const id of ids) await status(app, id).toBe("completed");
    expect((await stateOf(app, ids[0] as string))?.data.log).toEqual(["somebody"]);
    await app.send(open, { value: `more${tests}` });
    await app.waitForProjections();
    expect(app.sagas.ignored).toEqual({ "event ended": 1 });
  });

  it("keep an event that comes before its saga, until the limit of the step", async () => {
    const wait = event("wait", {
      event: Deposited as EventDefinition,
      eventKey: (({ value }: { value: number }) => `e${tests}-${value}`) as never,
      timeout: 600_000,
    });
    const brief = { ...wait, name: "brief", timeout: 1 };
    const fold = { event: (data: Trip, { value }: { value: number }) => ({ ...data, log: [...data.log, `${value}`] }) };
    const early = start(declare([wait], { name }, { steps: { wait: fold } }));
    const other = `${name}Brief`;
    const late = start(declare([brief], { name: other }, { steps: { brief: fold } }));
    await Promise.all([early.start(), late.start()]);
    await early.send(open, { value: `a${tests}` });
    // The second event by a value changes nothing: one is kept.
    for (const value of [11, 11, 12]) await early.send(deposit, { value: `a${tests}:${value}` });
    await Promise.all([early.waitForProjections(), late.waitForProjections()]);
    expect(early.sagas.ignored).toEqual({});
    await early.saga(name).start({ id: `e${tests}-11` });
    await status(early, `e${tests}-11`).toBe("completed");
    expect((await stateOf(early, `e${tests}-11`))?.data.log).toEqual(["11"]);
    await early.send(deposit, { value: `a${tests}:11` });
    await early.waitForProjections();
    expect(early.sagas.ignored).toEqual({ "event ended": 1 });

    const { table } = new EarlyTable(declare([brief], { name: other }).saga);
    await expect.poll(() => store.rows.scan(table, "", { conditions: [], limit: 10 })).toEqual([]);
    const control = late.saga(other);
    await control.start({ id: `e${tests}-12` });
    expect((await control.get(`e${tests}-12`))?.history.map(({ event: one }) => one)).not.toContain("step_done");
  });

  it("keep running while they wait for commands of the same aggregate in parallel", async () => {
    const steps = ["a", "b", "c", "d"].map((one) => {
      const { compensation: _, ...step } = command(one, { command: deposit as never });
      return step;
    });
    const add = { command: ({ id }: Trip) => ({ value: `${id}:1` }) };
    const behaviour = Object.fromEntries(steps.map(({ name: step }) => [step, { ...add, response: undefined }]));
    const app = start(declare(steps, { name }, { steps: behaviour as never }));
    await app.send(open, { value: `p${tests}` });
    await app.saga(name).start({ id: `p${tests}` });
    await status(app, `p${tests}`).toBe("completed");
    expect(await balance(app, `p${tests}`)).toBe(4);
    expect(app.sagas.transitions).toBe(5);
  });
});
