// Sagas in apps: on each store, by one process and by several.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { pglite } from "../adapters/pglite/index.js";
import type { Logger } from "../cqrs/index.js";
import type { Part } from "../engines/index.js";
import { PotterError } from "../errors/index.js";
import type { AnySagaBehaviour, SagaDefinition, StepDefinition } from "../saga/declaration/index.js";
import type { SagaOptions, SagaState } from "../saga/index.js";
import { SagaTable } from "../saga/row/index.js";
import { Booked, command, event, type Trip, timer } from "../saga/saga.fixture.js";
import { memory } from "../store/memory/index.js";
import type { RowStore, Store } from "../store/ports/index.js";
import type { App } from "./app.js";
import { createApp } from "./create-app.js";
import { declare, TripService } from "./sagas.fixture.js";

interface Opened {
  /** null: none of its methods has a handler. */
  readonly service?: TripService | null;
  readonly parts?: readonly Part[];
  readonly options?: SagaOptions;
  readonly logger?: Logger;
  readonly rows?: RowStore;
  readonly saga?: Partial<SagaDefinition>;
  readonly behaviour?: Partial<AnySagaBehaviour>;
}

const three = [command("hotel"), command("flight", { after: ["hotel"] }), command("pay", { after: ["flight"] })];

describe.each(Object.entries({ memory, pglite: () => pglite() }))("sagas on %s", (_, openStore) => {
  let store: Store;
  let trips: TripService;
  let name = "";
  let tests = 0;
  const apps: App[] = [];

  /** Opens an app that shares the store, like one of several processes. */
  function open(steps: readonly StepDefinition[], given: Opened = {}): App {
    const { service = trips, options = {}, logger, rows = store.rows, saga = {}, behaviour = {} } = given;
    const part = declare(steps, { name, ...saga }, behaviour);
    const { events, projections, keys } = store;
    const shared: Store = {
      ...{ name: store.name, events, rows, projections, ...(keys && { keys }) },
      start: async () => {},
      stop: async () => {},
    };
    const app = createApp({
      parts: [...(given.service === null ? [] : [(service ?? trips).part(steps)]), ...(given.parts ?? []), part],
      store: shared,
      sagas: options,
      ...(logger && { logger }),
    });
    apps.push(app);
    return app;
  }

  const stateOf = async (app: App, id = "t1") => app.saga(name).get(id);
  const status = (app: App, id = "t1") => expect.poll(async () => (await stateOf(app, id))?.status, { interval: 10 });

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

  it("are run to their end by one call, also one that has begun or ended before", async () => {
    const app = open(three);
    const control = app.saga(name);
    expect(await control.run({ id: "t1" }, { user: "ann" })).toMatchObject({ id: "t1", status: "completed" });
    expect(await control.run({ id: "t1" })).toMatchObject({ id: "t1", status: "completed" });
    let answer = (): void => {};
    const asked = new Promise<void>((begun) => {
      trips.behaviour.set("flight", () => {
        begun();
        return new Promise<void>((resolve) => {
          answer = resolve;
        });
      });
    });
    const first = control.run({ id: "t2" });
    await asked;
    const second = control.run({ id: "t2" });
    const stopped = new AbortController();
    const third = control.run({ id: "t2" }, { signal: stopped.signal });
    stopped.abort(new Error("the caller has gone"));
    await expect(third).rejects.toThrow("the caller has gone");
    answer();
    expect((await Promise.all([first, second])).map((state) => state.status)).toEqual(["completed", "completed"]);
    expect(trips.log).toEqual(["hotel", "flight", "pay", "hotel", "flight", "pay"]);
  });

  it("that another process ends end the wait for them", async () => {
    const steps = [command("hotel")];
    let answer = (): void => {};
    const asked = new Promise<void>((begun) => {
      trips.behaviour.set("hotel", () => {
        begun();
        return new Promise<void>((resolve) => {
          answer = resolve;
        });
      });
    });
    const other = open(steps);
    await other.saga(name).start({ id: "t1" });
    await asked;
    const waiting = open(steps, { service: new TripService() }).saga(name).run({ id: "t1" });
    answer();
    expect((await waiting).status).toBe("completed");
    expect(trips.log).toEqual(["hotel"]);
  });

  it("send their commands one after the other, with ids of their own, and complete", async () => {
    const app = open(three);
    const control = app.saga(name);
    expect(await control.start({ id: "t1" }, { user: "ann", correlationId: "c1", tenant: "north" })).toEqual({
      id: "t1",
      isNew: true,
    });
    expect(await control.start({ id: "t1" }, { tenant: "north" })).toEqual({ id: "t1", isNew: false });
    await expect.poll(async () => (await control.get("t1", { tenant: "north" }))?.status).toBe("completed");
    expect(trips.log).toEqual(["hotel", "flight", "pay"]);
    expect(new Set(trips.asked.map(({ commandId }) => commandId)).size).toBe(3);
    expect(trips.asked[0]).toMatchObject({
      user: "ann",
      tenant: "north",
      correlationId: "c1",
      commandId: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
    });
    const saga = await control.get("t1", { tenant: "north" });
    expect((saga as SagaState<Trip>).data.log).toEqual(["hotel", "flight", "pay"]);
    expect(saga?.history.map(({ event, step }) => (step === undefined ? event : `${event} ${step}`))).toEqual([
      "started",
      ...["hotel", "flight", "pay"].flatMap((step) => [`step_running ${step}`, `step_done ${step}`]),
      "completed",
    ]);
    expect(await stateOf(app)).toBeUndefined();
    expect(await control.counts({ tenant: "north" })).toMatchObject({ completed: 1, running: 0 });
  });

  it("undo what was done when a step is refused", async () => {
    trips.behaviour.set("pay", () => {
      throw new PotterError("failed_precondition", "no money of somebody@example.com");
    });
    const app = open(three);
    await app.saga(name).start({ id: "t1" });
    await status(app).toBe("compensated");
    expect(trips.log).toEqual(["hotel", "flight", "pay", "undo flight 0", "undo hotel 0"]);
    const state = await stateOf(app);
    expect(state?.failure).toEqual({ code: "failed_precondition" });
    expect(JSON.stringify([state?.history, state?.steps, state?.failure])).not.toContain("somebody@example.com");
  });

  it("repeat what fails for now under the same command id", async () => {
    let failures = 2;
    trips.behaviour.set("hotel", () => {
      if (failures-- > 0) throw new PotterError("unavailable", "away");
    });
    const steps = [command("hotel", { retry: { maxAttempts: 5, initialDelay: 5, maxDelay: 10 } })];
    const app = open(steps);
    await app.saga(name).start({ id: "t1" });
    await status(app).toBe("completed");
    expect(trips.log).toEqual(["hotel", "hotel", "hotel"]);
    expect(new Set(trips.asked.map(({ commandId }) => commandId)).size).toBe(1);
  });

  it("abort a command at the limit of its step, and undo it", async () => {
    trips.behaviour.set(
      "hotel",
      ({ signal }) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener("abort", () => reject(new Error("aborted")));
        }),
    );
    const app = open([command("hotel", { timeout: 50 })]);
    await app.saga(name).start({ id: "t1" });
    await status(app).toBe("compensated");
    expect(trips.log).toEqual(["hotel", "undo hotel 0"]);
  });

  it("wait for timers, and send parallel commands and those of elements", async () => {
    const steps = [
      timer("pause", { delay: 30 }),
      command("visit", { after: ["pause"], forEach: true }),
      command("other", { after: ["pause"] }),
    ];
    const app = open(steps);
    const begun = Date.now();
    await app.saga(name).start({ id: "t1", stops: Array.from({ length: 50 }, (_one, i) => `s${i}`) });
    await status(app).toBe("completed");
    expect(Date.now() - begun).toBeGreaterThanOrEqual(30);
    expect(trips.asked).toHaveLength(51);
    expect(((await stateOf(app)) as SagaState<Trip>).data.log).toHaveLength(51);
  });

  it("are listed, counted, watched and controlled", async () => {
    const app = open([event("wait"), command("end", { after: ["wait"] })]);
    const control = app.saga(name);
    for (const id of ["a", "b", "c"]) await control.start({ id });
    const first = await control.list({ pageSize: 2, status: "running", step: "wait" });
    expect(first.items.map(({ id }) => id)).toEqual(["a", "b"]);
    const second = await control.list({ pageSize: 2, status: "running", step: "wait", pageToken: first.nextPageToken });
    expect(second).toMatchObject({ items: [{ id: "c" }], nextPageToken: "" });
    await expect(control.list({ pageToken: first.nextPageToken })).rejects.toMatchObject({ code: "invalid_argument" });
    expect((await control.list({ startedBefore: new Date(0) })).items).toEqual([]);

    const seen: string[] = [];
    const controller = new AbortController();
    const watching = (async () => {
      for await (const { status: now } of control.watch("a", { signal: controller.signal })) {
        seen.push(now);
        if (now === "completed") controller.abort();
      }
    })();
    await expect.poll(() => seen).toEqual(["running"]);
    expect(await control.pause("a")).toEqual({ applied: true });
    expect(await control.pause("a")).toEqual({ applied: false, reason: "unchanged" });
    expect(await control.skip("a", "wait")).toEqual({ applied: true });
    expect(trips.log).toEqual([]);
    expect(await control.resume("a")).toEqual({ applied: true });
    await watching;
    expect(trips.log).toEqual(["end"]);
    expect(await control.cancel("b")).toEqual({ applied: true });
    expect(await control.cancel("b")).toEqual({ applied: false, reason: "ended" });
    expect(await control.cancel("z")).toEqual({ applied: false, reason: "unknown_saga" });
    expect(await control.counts()).toEqual({ running: 1, compensating: 0, completed: 1, compensated: 1, suspended: 0 });
    expect(app.sagas.ignored).toMatchObject({ "cancel ended": 1, "cancel unknown_saga": 1, "pause unchanged": 1 });
  });

  it("are suspended with a warning when a compensation keeps failing, and block no other", async () => {
    const warnings: unknown[] = [];
    const logger = {
      debug() {},
      info() {},
      warn: (text: string, fields: unknown) => warnings.push([text, fields]),
      error() {},
    };
    trips.behaviour.set("flight", ({ id }) => {
      if (id === "t1") throw new PotterError("not_found", "no");
    });
    trips.behaviour.set("undo hotel 0", () => {
      throw new PotterError("failed_precondition", "no");
    });
    const app = open(three, { logger });
    const control = app.saga(name);
    await control.start({ id: "t1" });
    await status(app).toBe("suspended");
    expect(warnings).toContainEqual([
      "a saga is suspended until a person retries, skips or cancels",
      { saga: name, id: "t1", step: "hotel", code: "failed_precondition" },
    ]);
    await control.start({ id: "t2" });
    await status(app, "t2").toBe("completed");
    trips.behaviour.delete("undo hotel 0");
    await control.retry("t1", { step: "hotel" });
    await status(app).toBe("compensated");
  });

  it("call other services through an option", async () => {
    const calls: unknown[] = [];
    const elsewhere = command("remote");
    const options: SagaOptions = {
      call: async (method, _request, { commandId, tenant }) => {
        calls.push([method.name, commandId.length, tenant]);
        return { text: "far" };
      },
    };
    const app = open([elsewhere], { service: null, options });
    await app.saga(name).start({ id: "t1" });
    await status(app).toBe("completed");
    expect(calls).toEqual([["remote", 36, ""]]);
    expect(() => createApp({ parts: [declare([elsewhere])] })).toThrow(
      `the step remote of the saga trips.v1.Trip calls trips.v1.TripService.remote, which no part handles: add a handler, or pass "sagas.call"`,
    );
  });

  it("go on in another process when theirs stops, at once", async () => {
    let release = (): void => {};
    const service = new TripService();
    service.behaviour.set(
      "hotel",
      () =>
        new Promise<void>((resolve) => {
          release = resolve;
        }),
    );
    const first = open(three, { service, options: { lease: 600_000 } });
    const second = open(three);
    await second.start();
    await first.saga(name).start({ id: "t1" });
    await expect.poll(() => service.log).toEqual(["hotel"]);
    const stopped = first.stop();
    release();
    await stopped;
    await status(second).toBe("completed");
    expect(service.log).toEqual(["hotel"]);
    expect(trips.log).toEqual(["flight", "pay"]);
  });

  it("of a newer version keep no other from being handled by an old process", async () => {
    const pause = timer("pause", { delay: 1 });
    const fresh = open([pause], { saga: { version: 2 } });
    await fresh.start();
    await fresh.saga(name).start({ id: "new" });
    await status(fresh, "new").toBe("completed");
    // Due for ever: nobody runs the newer version any more.
    const { table } = new SagaTable(declare([pause], { name, version: 2 }).saga);
    const row = (await store.rows.get(table, "", "new")) as { readonly due: number };
    await fresh.stop();
    await store.rows.transact(async (rows) => {
      for (let i = 0; i < 250; i++) await rows.put(table, "", `new${i}`, { ...row, id: `new${i}`, due: 1 });
    });
    const old = open([pause], { options: { pollInterval: 20 } });
    await old.saga(name).start({ id: "t1" });
    await status(old).toBe("completed");
  });

  it("are taken over when their process does not answer, whose late outcome is discarded", async () => {
    const { held, wake, other } = await freezeIn(1, 300);
    // The response of the process that stands still has not come, so another one sends the command.
    await status(other).toBe("completed");
    expect(other.sagas.takenOver).toBe(1);
    wake();
    await held.discarded();
    expect(((await stateOf(other)) as SagaState<Trip>).data.log).not.toContain("late");
  });

  it("are taken over while their command runs under a reservation, and get its response", async () => {
    const { held, wake, other } = await freezeIn(2, 3_000);
    // A retry is reserved, and the process that stands still has the reservation: the other one has to wait for its outcome. It is
    // refused more often than the step has attempts: the takeover, and two transitions for each refusal.
    await expect.poll(() => other.sagas.transitions).toBeGreaterThan(9);
    wake();
    await status(other).toBe("completed");
    expect(other.sagas.takenOver).toBe(1);
    await held.discarded();
    expect(((await stateOf(other)) as SagaState<Trip>).data.log).toEqual(["late"]);
  });

  /** A process that stands still in an attempt of a command: its transactions wait until it continues. Another one is started then. */
  async function freezeIn(attempt: number, lease: number) {
    let wake = (): void => {};
    const service = new TripService();
    service.behaviour.set("hotel", async () => {
      if (service.log.length < attempt) throw new PotterError("resource_exhausted", "busy");
      return new Promise<Booked>((resolve) => {
        wake = () => resolve(Booked.create({ text: "late" }) as Booked);
      });
    });
    const steps = [command("hotel", { retry: { maxAttempts: 3, initialDelay: 1, maxDelay: 1 } })];
    const held = new Holder(store.rows);
    const frozen = open(steps, { service, rows: held.rows, options: { lease } });
    await frozen.saga(name).start({ id: "t1" });
    await expect.poll(() => service.log).toEqual(Array.from({ length: attempt }, () => "hotel"));
    held.hold();
    const other = open(steps, { options: { lease: 300, pollInterval: 50 } });
    await other.start();
    const discarded = async () => {
      held.release();
      const late = () => frozen.sagas.fenced + Number(frozen.sagas.ignored["response ended"] ?? 0);
      await expect.poll(late).toBeGreaterThan(0);
    };
    return { held: { discarded }, wake: () => wake(), other };
  }
});

/** Rows whose transactions can be held. */
class Holder {
  readonly rows: RowStore;
  private released = Promise.resolve();
  release = (): void => {};

  constructor(rows: RowStore) {
    const transact: RowStore["transact"] = async (apply) => {
      await this.released;
      return rows.transact(apply);
    };
    this.rows = {
      get: (...given) => rows.get(...given),
      scan: (...given) => rows.scan(...given),
      count: (...given) => rows.count(...given),
      due: (...given) => rows.due(...given),
      transact,
    };
  }

  hold(): void {
    this.released = new Promise((resolve) => {
      this.release = resolve;
    });
  }
}
