// Sagas whose steps are commands of aggregates in the same store, started and continued by events.
import type { StringValue } from "@bufbuild/protobuf/wkt";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { pglite } from "../adapters/pglite/index.js";
import { Account, createAccount, Deposited, deposit, Opened, open, withdraw } from "../aggregate/account.fixture.js";
import type { EventDefinition } from "../message/index.js";
import type { SagaPart } from "../saga/declaration/index.js";
import type { SagaState } from "../saga/index.js";
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
  const status = (app: App, id: string) =>
    expect.poll(async () => (await stateOf(app, id))?.status, { timeout: 20_000 });
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
    // The start, and each of the two commands.
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
    for (const id of ids) await app.saga(name).start({ id });
    for (const id of ids) await expect.poll(async () => (await stateOf(app, id))?.steps[1]?.status).toBe("running");
    await app.send(open, { value: `other${tests}` });
    for (const id of ids) await status(app, id).toBe("completed");
    expect((await stateOf(app, ids[0] as string))?.data.log).toEqual(["somebody"]);
    await app.send(open, { value: `more${tests}` });
    await app.waitForProjections();
    expect(app.sagas.ignored).toEqual({});
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
