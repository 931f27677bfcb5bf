// Sagas of local steps that are started, run and ended by one transaction, and what takes them out of it.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { pglite } from "../adapters/pglite/index.js";
import { Account, createAccount, deposit, open, withdraw } from "../aggregate/account.fixture.js";
import { silentLogger } from "../cqrs/index.js";
import type { SagaPart } from "../saga/declaration/index.js";
import type { SagaOptions } from "../saga/index.js";
import { command, type Trip, timer } from "../saga/saga.fixture.js";
import { memory } from "../store/memory/index.js";
import type { AppendRequest, EventStore, Store, StreamId } from "../store/ports/index.js";
import type { App } from "./app.js";
import { createApp } from "./create-app.js";
import { declare } from "./sagas.fixture.js";

/** Counts commits of rows, and of appends with rows. */
interface Counted {
  commits: number;
  joined: number;
  /** Is called when a stream was loaded. */
  onLoad?: (stream: StreamId) => Promise<void>;
}

function counting(store: Store, counted: Counted): Store {
  const transact: Store["rows"]["transact"] = async (apply) => {
    const result = await store.rows.transact(apply);
    counted.commits++;
    return result;
  };
  const append = (request: AppendRequest) => {
    if (request.inline !== undefined) counted.joined++;
    return store.events.append(request);
  };
  const loadStream: EventStore["loadStream"] = async (stream, from) => {
    const loaded = await store.events.loadStream(stream, from);
    await counted.onLoad?.(stream);
    return loaded;
  };
  return {
    name: store.name,
    events: Object.create(store.events, { append: { value: append }, loadStream: { value: loadStream } }) as EventStore,
    rows: Object.create(store.rows, { transact: { value: transact } }) as Store["rows"],
    projections: store.projections,
    ...(store.keys && { keys: store.keys }),
    start: async () => {},
    stop: async () => {},
  };
}

describe.each(Object.entries({ memory, pglite: () => pglite() }))("sagas in one transaction on %s", (_, openStore) => {
  let store: Store;
  let name = "";
  let tests = 0;
  const apps: App[] = [];
  const counted: Counted = { commits: 0, joined: 0 };

  /** Takes 5 from one account, and gives it to another. */
  function transfer(more: Parameters<typeof declare>[0] = [], give = deposit, behaviour = {}): SagaPart {
    const take = command("take", { command: withdraw as never, compensation: deposit as never });
    const second = command("give", { after: ["take"], command: give as never, compensation: withdraw as never });
    const from = {
      command: ({ id }: Trip) => ({ value: `${id}:5` }),
      compensation: ({ id }: Trip) => ({ value: `${id}:5` }),
    };
    const to = {
      command: ({ id }: Trip) => ({ value: `to-${id}:5` }),
      compensation: ({ id }: Trip) => ({ value: `to-${id}:5` }),
    };
    const response = (data: Trip, { value }: { value: number }) => ({ ...data, log: [...data.log, String(value)] });
    const steps = { take: { ...from, response }, give: { ...to, response }, ...behaviour };
    return declare([take, second, ...more], { name }, { steps });
  }
  async function start(part: SagaPart, sagas: SagaOptions = {}): Promise<App> {
    const app = createApp({ parts: [createAccount(), part], store: counting(store, counted), sagas });
    apps.push(app);
    await app.start();
    return app;
  }
  async function accounts(app: App): Promise<string> {
    const id = `a${tests}`;
    for (const value of [id, `to-${id}`]) await app.send(open, { value });
    await app.send(deposit, { value: `${id}:100` });
    Object.assign(counted, { commits: 0, joined: 0 });
    return id;
  }
  const balances = (app: App, id: string) =>
    Promise.all([id, `to-${id}`].map(async (one) => (await app.send(deposit, { value: `${one}:0` })).value));
  const run = (app: App, id: string) => app.saga(name).run({ id });

  beforeAll(async () => {
    store = openStore();
    await store.start();
  });
  beforeEach(() => {
    name = `trips.v1.Trip${++tests}`;
    delete counted.onLoad;
  });
  afterEach(async () => {
    await Promise.all(apps.splice(0).map((app) => app.stop()));
  });
  afterAll(() => store.stop());

  it("start, run and end by one commit, with a history of all steps", async () => {
    const app = await start(transfer());
    const id = await accounts(app);
    const state = await run(app, id);
    expect(state).toMatchObject({ status: "completed", data: { log: ["95", "5"] } });
    expect(counted).toEqual({ commits: 1, joined: 0 });
    expect(state.history.map(({ event, step }) => `${event} ${step ?? ""}`.trim())).toEqual([
      "started",
      "step_running take",
      "step_done take",
      "step_running give",
      "step_done give",
      "completed",
    ]);
    expect(await balances(app, id)).toEqual([95, 5]);
    const [, , taken] = await app.history(Account, id);
    expect(taken).toMatchObject({ type: "account.withdrawn", correlationId: expect.any(String) });
  });

  it.each([
    ["records nothing", "0", "completed", 0],
    ["is refused", "-1", "compensated", 1],
  ])("log a failed call only if it has failed by itself: one that %s", async (_, amount, status, count) => {
    const lines: (readonly [string, unknown])[] = [];
    const note = (message: string, fields?: unknown) => void lines.push([message, fields]);
    const logger = { ...silentLogger, info: note, warn: note, error: note };
    const isRefused = amount === "-1";
    const command = ({ id }: Trip) => ({ value: isRefused ? `${id}:1000` : `to-${id}:${amount}` });
    const give = { command, compensation: ({ id }: Trip) => ({ value: `to-${id}:0` }) };
    const part = transfer([], isRefused ? (withdraw as never) : deposit, { give });
    const app = createApp({ parts: [createAccount(), part], store: counting(store, counted), logger });
    apps.push(app);
    await app.start();
    const id = await accounts(app);
    expect(await run(app, id)).toMatchObject({ status });
    expect(lines.filter(([message]) => /^(call|handler) failed/.test(message))).toHaveLength(count);
  });

  it("are changed step by step if their options say so", async () => {
    const app = await start(transfer(), { commandsPerTransaction: 1 });
    const id = await accounts(app);
    expect(await run(app, id)).toMatchObject({ status: "completed" });
    expect(counted).toEqual({ commits: 1, joined: 1 });
    expect(await balances(app, id)).toEqual([95, 5]);
  });

  it("change one aggregate several times", async () => {
    const response = (data: Trip, { value }: { value: number }) => ({ ...data, log: [...data.log, String(value)] });
    const steps = ["a", "b", "c"].map((one, i, all) => {
      const after = i === 0 ? [] : [all[i - 1] as string];
      const { compensation: _, ...step } = command(one, { after, command: deposit as never });
      return step;
    });
    const add = { command: ({ id }: Trip) => ({ value: `${id}:1` }), response };
    const app = await start(declare(steps, { name }, { steps: { a: add, b: add, c: add } }));
    const id = await accounts(app);
    expect((await run(app, id)).data).toMatchObject({ log: ["101", "102", "103"] });
    expect(counted).toEqual({ commits: 1, joined: 0 });
    // The state that the process knows is the one after the commit.
    expect((await app.send(deposit, { value: `${id}:1` })).value).toBe(104);
    expect((await app.history(Account, id)).map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("end in two commits where a timer stands between local steps", async () => {
    const wait = timer("wait", { after: ["take"], delay: 1 });
    const take = command("take", { command: withdraw as never, compensation: deposit as never });
    const give = command("give", { after: ["wait"], command: deposit as never, compensation: withdraw as never });
    const steps = {
      take: { command: ({ id }: Trip) => ({ value: `${id}:5` }), response: undefined },
      give: { command: ({ id }: Trip) => ({ value: `to-${id}:5` }), response: undefined },
    };
    const app = await start(declare([take, wait, give], { name }, { steps: steps as never }), { pollInterval: 20 });
    const id = await accounts(app);
    expect(await run(app, id)).toMatchObject({ status: "completed" });
    expect(counted).toEqual({ commits: 2, joined: 0 });
    expect(await balances(app, id)).toEqual([95, 5]);
  });

  it("leave out a command that is refused, which is decided by itself", async () => {
    const { compensation: _, ...last } = command("last", { after: ["give"], command: withdraw as never });
    const app = await start(
      transfer([last], deposit, { last: { command: ({ id }: Trip) => ({ value: `${id}:1000` }) } }),
    );
    const id = await accounts(app);
    expect(await run(app, id)).toMatchObject({ status: "compensated", failure: { code: "failed_precondition" } });
    expect(await balances(app, id)).toEqual([100, 0]);
    // What came before the refusal, and the refusal with both compensations.
    expect(counted).toEqual({ commits: 2, joined: 0 });
  });

  it("leave out a command whose aggregate another command of the process changes", async () => {
    const app = await start(transfer());
    const id = await accounts(app);
    let other: Promise<unknown> | undefined;
    // The withdrawal loads its account while the deposit of another caller waits for the store.
    counted.onLoad = async (stream) => {
      if (stream.id !== id || other !== undefined) return;
      delete counted.onLoad;
      other = app.send(deposit, { value: `to-${id}:7` });
    };
    expect(await run(app, id)).toMatchObject({ status: "completed" });
    await other;
    expect(other).toBeDefined();
    expect(await balances(app, id)).toEqual([95, 12]);
  });

  it("lose a race for an aggregate without an effect, and are carried out step by step", async () => {
    const app = await start(transfer());
    const elsewhere = await start(declare([timer("never")], { name: `${name}Else` }));
    const id = await accounts(app);
    let races = 0;
    // Another process is faster, between the load and the commit.
    counted.onLoad = async (stream) => {
      if (stream.id !== `to-${id}` || races++ > 0) return;
      delete counted.onLoad;
      await elsewhere.send(deposit, { value: `to-${id}:7` });
    };
    expect(await run(app, id)).toMatchObject({ status: "completed", data: { log: ["95", "12"] } });
    expect(races).toBeGreaterThan(0);
    expect(await balances(app, id)).toEqual([95, 12]);
    expect((await app.history(Account, id)).filter(({ type }) => type === "account.withdrawn")).toHaveLength(1);
  });

  it("are started once by many callers at the same time", async () => {
    const app = await start(transfer());
    const elsewhere = await start(transfer());
    const id = await accounts(app);
    const starts = await Promise.all(
      Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? app : elsewhere).saga(name).start({ id })),
    );
    expect(starts.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(await run(app, id)).toMatchObject({ status: "completed" });
    expect(await balances(app, id)).toEqual([95, 5]);
  });

  it("keep all money when many of them change the same accounts", async () => {
    const to = (id: string) => ({ value: `m${Number(id.split("-").at(-1)) % 3}-${tests}:5` });
    const from = (id: string) => ({ value: `m${(Number(id.split("-").at(-1)) + 1) % 3}-${tests}:5` });
    const take = command("take", { command: withdraw as never, compensation: deposit as never });
    const give = command("give", { after: ["take"], command: deposit as never, compensation: withdraw as never });
    const steps = {
      take: { command: ({ id }: Trip) => from(id), compensation: ({ id }: Trip) => from(id), response: undefined },
      give: { command: ({ id }: Trip) => to(id), compensation: ({ id }: Trip) => to(id), response: undefined },
    };
    const part = declare([take, give], { name }, { steps: steps as never });
    const both = [await start(part), await start(part)] as const;
    for (let i = 0; i < 3; i++) {
      await both[0].send(open, { value: `m${i}-${tests}` });
      await both[0].send(deposit, { value: `m${i}-${tests}:1000` });
    }
    const ids = Array.from({ length: 30 }, (_, i) => `s${tests}-${i}`);
    const ends = await Promise.all(ids.map((id, i) => (both[i % 2] as App).saga(name).run({ id })));
    expect(ends.map(({ status }) => status)).toEqual(ids.map(() => "completed"));
    const values = await Promise.all([0, 1, 2].map((i) => both[0].send(deposit, { value: `m${i}-${tests}:0` })));
    expect(values.reduce((sum, { value }) => sum + value, 0)).toBe(3000);
    const histories = await Promise.all([0, 1, 2].map((i) => both[0].history(Account, `m${i}-${tests}`)));
    expect(histories.flat().filter(({ type }) => type === "account.withdrawn")).toHaveLength(ids.length);
  });
});
