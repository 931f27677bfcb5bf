import { StringValueSchema } from "@bufbuild/protobuf/wkt";
import { afterEach, describe, expect, it } from "vitest";
import { type App, type AppOptions, createApp } from "../../app/index.js";
import { readModels } from "../../engines/index.js";
import { PotterError } from "../../errors/index.js";
import { es } from "../../message/index.js";
import type { ProjectionPart } from "../../projection/index.js";
import { memory } from "../../store/memory/index.js";
import type { EventStore, Store } from "../../store/ports/index.js";
import { Account, createAccount, deposit, open, withdraw } from "../account.fixture.js";
import type { AnyDeciderPart } from "../declaration/index.js";

const stream = { tenant: "", type: "account", id: "a" };
const many = Array.from({ length: 40 }, (_, i) => i + 1);
const apps: App[] = [];

afterEach(async () => {
  for (const app of apps.splice(0)) await app.stop();
});

interface Watched {
  readonly store: Store;
  /** The outcome of each append: the number of its parts, or why it failed. */
  readonly ends: (number | string)[];
}

type Hook = (parts: number) => Promise<void> | void;

/** A store with concurrent writers. `before`, `after`: run before an append of the given number of parts, or before its response. */
function watched(before: Hook = () => {}, after: Hook = () => {}): Watched {
  const store = memory({ latency: 2 });
  const ends: (number | string)[] = [];
  const { events } = store;
  const append: EventStore["append"] = async (request) => {
    await before(1);
    const result = await events.append(request);
    ends.push(result.kind === "appended" ? 1 : result.kind);
    await after(1);
    return result;
  };
  const appendSequence: EventStore["appendSequence"] = async (request) => {
    await before(request.parts.length);
    const result = await events.appendSequence(request);
    ends.push(result === undefined ? "nothing" : request.parts.length);
    return result;
  };
  const members = { append: { value: append }, appendSequence: { value: appendSequence } };
  return { store: { ...store, events: Object.create(events, members) as EventStore }, ends };
}

async function start(options: AppOptions): Promise<App> {
  const app = createApp(options);
  apps.push(app);
  await app.start();
  return app;
}

/** An account with a partly overridden decider. */
function account(more: Partial<AnyDeciderPart["decider"]> = {}, aggregate: object = {}): AnyDeciderPart {
  const { decider, aggregate: known, kind } = createAccount() as AnyDeciderPart;
  return { kind, aggregate: { ...known, ...aggregate }, decider: { ...decider, ...more } };
}

const codeOf = (error: unknown) => (error as PotterError).code;
const balanceOf = async (app: App) => (await app.send(deposit, { value: "a:0" })).value;

describe("commands on one stream at the same time", () => {
  it("all succeed, are recorded together, and never conflict with each other", async () => {
    const { store, ends } = watched();
    const app = await start({ parts: [account()], store });
    await app.send(open, { value: "a" });
    const answers = await Promise.all(many.map(() => app.send(deposit, { value: "a:1" })));
    expect(answers.map(({ value }) => value)).toEqual(many);
    // The opening, the first, and all the others.
    expect(ends).toEqual([1, 1, many.length - 1]);
    const events = await store.events.readStream(stream);
    expect(new Set(events.map(({ correlationId }) => correlationId)).size).toBe(many.length + 1);
  });

  it("let one of them create a new stream", async () => {
    const { store, ends } = watched();
    const app = await start({ parts: [account()], store });
    const answers = await Promise.all(many.map(() => app.send(open, { value: "a" }).catch(codeOf)));
    expect(answers.filter((answer) => answer === "already_exists")).toHaveLength(many.length - 1);
    expect(ends).toEqual([1]);
  });

  it("each receive their own response, refusal or failure", async () => {
    const part = account();
    const { decide } = part.decider as unknown as { readonly decide: Record<string, (...given: unknown[]) => unknown> };
    const failing = (state: unknown, command: { readonly value: string }, ctx: unknown) => {
      if (command.value === "a:13") throw new TypeError("a fault of the decider");
      return decide["deposit"]?.(state, command, ctx);
    };
    const { store } = watched();
    const app = await start({ parts: [account({ decide: { ...decide, deposit: failing } })], store });
    await app.send(open, { value: "a" });
    const sent = await Promise.allSettled([
      app.send(deposit, { value: "a:10" }),
      app.send(withdraw, { value: "a:11" }),
      app.send(deposit, { value: "a:13" }),
      app.send(deposit, { value: "a:5" }, { expectedVersion: 2 }),
      app.send(deposit, { value: "a:6" }, { expectedVersion: 2 }),
      app.send(withdraw, { value: "a:15" }, { expectedVersion: 3 }),
      app.send(deposit, { value: "a:0" }),
      app.send(deposit, { value: "a:1" }, { commandId: "nothing" }),
      app.send(open, { value: "a" }),
    ]);
    const outcomes = sent.map((one) => (one.status === "fulfilled" ? one.value.value : codeOf(one.reason)));
    expect(outcomes).toEqual([10, "failed_precondition", "internal", 15, "aborted", 0, 0, 1, "already_exists"]);
  });

  it("are looked up by their id only if they fail, and repetitions replay the response", async () => {
    const inner = memory();
    const found: string[] = [];
    const findCommand = (tenant: string, id: string) => {
      found.push(id);
      return inner.events.findCommand(tenant, id);
    };
    const events = Object.create(inner.events, { findCommand: { value: findCommand } }) as EventStore;
    const app = await start({ parts: [account()], store: { ...inner, events } });
    await app.send(open, { value: "a" }, { commandId: "first" });
    const once = { commandId: "second", expectedVersion: 1 };
    const response = await app.send(deposit, { value: "a:5" }, once);
    expect(found).toEqual([]);
    // Each would be refused: the aggregate exists, and it has another version.
    await app.send(open, { value: "a" }, { commandId: "first" });
    expect(await app.send(deposit, { value: "a:5" }, once)).toEqual(response);
    expect(found.length).toBeGreaterThan(0);
    await expect(app.send(deposit, { value: "a:6" }, once)).rejects.toMatchObject({ code: "already_exists" });
    expect(await app.history(Account, "a")).toHaveLength(2);
  });

  it("run once for each command id", async () => {
    const { store } = watched();
    const app = await start({ parts: [account()], store });
    await app.send(open, { value: "a" });
    await app.send(deposit, { value: "a:100" });
    const sends = many.map((i) => app.send(withdraw, { value: "a:60" }, { commandId: `c${i % 2}` }).catch(codeOf));
    const other = app.send(deposit, { value: "a:1" }, { commandId: "c1" }).catch(codeOf);
    const answers = await Promise.all(sends);
    // One of two withdrawals succeeds, and its repetitions replay its response though the balance would not suffice again.
    expect(new Set(answers.map((answer) => (typeof answer === "string" ? answer : answer.value)))).toEqual(
      new Set(["failed_precondition", 40]),
    );
    const done = answers[0] === "failed_precondition" ? 0 : 1;
    answers.forEach((answer, i) => {
      expect(typeof answer === "string").toBe(i % 2 !== (done === 1 ? 0 : 1));
    });
    expect(await other).toBe(answers[0] === "failed_precondition" ? 41 : "already_exists");
    expect(await app.history(Account, "a")).toHaveLength(answers[0] === "failed_precondition" ? 4 : 3);
  });

  it("reserve unique values one by one", async () => {
    const unique = { balance: (value: number) => (value === 0 ? undefined : String(value)) };
    const { store, ends } = watched();
    const app = await start({ parts: [account({ unique })], store });
    for (const value of ["a", "b"]) await app.send(open, { value });
    await app.send(deposit, { value: "b:3" });
    const answers = await Promise.all([1, 1, 1, 1, 1].map((i) => app.send(deposit, { value: `a:${i}` }).catch(codeOf)));
    expect(answers.map((answer) => (typeof answer === "string" ? answer : answer.value))).toEqual([
      1,
      2,
      "already_exists",
      "already_exists",
      "already_exists",
    ]);
    expect(ends.filter((end) => typeof end === "number" && end > 1)).toEqual([]);
  });

  it("change inline projections together, and only the command fails whose event a projection rejects", async () => {
    const { store, ends } = watched();
    const applied: number[] = [];
    const codec = es(StringValueSchema);
    const projection: ProjectionPart = {
      kind: "projection",
      readModel: {
        name: "Owners",
        codec: codec as never,
        keyField: "value",
        key: () => "k",
        events: { deposited: Account.definition.events["deposited"] as never },
        engine: readModels,
      },
      version: 1,
      mode: "inline",
      on: {
        deposited: async (event: never, rows: never) => {
          const { value } = event as { readonly value: number };
          if (value === 7) throw new Error("seven");
          applied.push(value);
          await (rows as { upsert(row: unknown): Promise<void> }).upsert({ value: String(value) });
        },
      },
    };
    const app = await start({ parts: [account(), projection], store });
    await app.send(open, { value: "a" });
    const sends = many.map((i) => app.send(deposit, { value: `a:${i}` }).then(() => i, codeOf));
    expect(await Promise.all(sends)).toEqual(many.map((i) => (i === 7 ? "internal" : i)));
    expect(ends.every((end) => typeof end === "number")).toBe(true);
    applied.length = 0;
    const more = many.slice(0, 5).map((i) => app.send(deposit, { value: `a:${100 + i}` }));
    await Promise.all(more);
    expect(applied).toEqual([101, 102, 103, 104, 105]);
    expect(ends.at(-1)).toBe(4);
  });

  it("save the snapshots that are due", async () => {
    const { store } = watched();
    const app = await start({ parts: [account({}, { snapshotEvery: 10 })], store });
    await app.send(open, { value: "a" });
    for (let round = 0; round < 3; round++) await Promise.all(many.map(() => app.send(deposit, { value: "a:1" })));
    await app.stop();
    const { snapshot } = await store.events.loadStream(stream, { stateVersion: 1 });
    expect(snapshot?.version).toBeGreaterThan(110);
    expect(Number(new TextDecoder().decode(snapshot?.state))).toBe((snapshot?.version ?? 0) - 1);
  });

  it.each([new PotterError("cancelled", "the caller has gone"), undefined])(
    "are not carried out for callers that have gone, by whatever reason",
    async (reason) => {
      const { store } = watched();
      const app = await start({ parts: [account()], store });
      await app.send(open, { value: "a" });
      const gone = new AbortController();
      const first = app.send(deposit, { value: "a:1" });
      const second = app.send(deposit, { value: "a:10" }, { signal: gone.signal }).catch((error: unknown) => error);
      const third = app.send(deposit, { value: "a:100" });
      gone.abort(reason);
      expect([(await first).value, codeOf(await second), (await third).value]).toEqual([1, "cancelled", 101]);
      expect(await balanceOf(app)).toBe(101);
    },
  );

  it("store their states one after the other", async () => {
    const store = memory({ latency: 2 });
    let conflicts = 0;
    const write: NonNullable<Store["states"]>["write"] = async (request) => {
      const result = await (store.states as NonNullable<Store["states"]>).write(request);
      if (result.kind === "conflict") conflicts++;
      return result;
    };
    const states = Object.create(store.states as object, { write: { value: write } }) as NonNullable<Store["states"]>;
    const { snapshotEvery: _, ...aggregate } = Account.definition;
    const part = { ...account(), aggregate: { ...aggregate, persistence: "state" as const } };
    const app = await start({ parts: [part], store: { ...store, states } });
    await app.send(open, { value: "a" });
    const answers = await Promise.all(many.map(() => app.send(deposit, { value: "a:1" })));
    expect(answers.map(({ value }) => value)).toEqual(many);
    expect(conflicts).toBe(0);
  });
});

describe("commands on one stream in several processes", () => {
  it("all succeed", async () => {
    const { store, ends } = watched();
    const [one, two] = [await start({ parts: [account()], store }), await start({ parts: [account()], store })];
    await one.send(open, { value: "a" });
    const sends = many.flatMap((i) => [one, two].map((app) => app.send(deposit, { value: `a:${i}` })));
    const answers = (await Promise.all(sends)).map(({ value }) => value);
    const total = many.reduce((sum, i) => sum + 2 * i, 0);
    expect(Math.max(...answers)).toBe(total);
    expect(new Set(answers).size).toBe(answers.length);
    expect(await balanceOf(two)).toBe(total);
    // The writers did conflict.
    expect(ends.some((end) => typeof end === "string")).toBe(true);
  });

  it("are refused on the current state only, not on an outdated cached one", async () => {
    const late: Promise<unknown>[] = [];
    let calls = 0;
    const { store } = watched(undefined, async () => {
      // The second deposit is stored, and its response in transit, when another process adds to the balance.
      if (++calls !== 3) return;
      await two.send(deposit, { value: "a:5" });
      late.push(one.send(withdraw, { value: "a:7" }));
    });
    const one = await start({ parts: [account()], store });
    const two = await start({ parts: [account()], store: { ...store, events: Object.getPrototypeOf(store.events) } });
    await one.send(open, { value: "a" });
    await Promise.all([one.send(deposit, { value: "a:1" }), one.send(deposit, { value: "a:1" })]);
    expect(await Promise.all(late)).toMatchObject([{ value: 0 }]);
  });
});

describe("a store that fails under commands of one stream", () => {
  it("fails commands whose outcome is unknown, and runs once those that can be repeated", async () => {
    let breaks = true;
    const { store } = watched((parts) => {
      if (parts === 1 || !breaks) return;
      breaks = false;
      throw new PotterError("unavailable", "the connection is lost");
    });
    const app = await start({ parts: [account()], store });
    await app.send(open, { value: "a" });
    const sends = many.map((i) =>
      app.send(deposit, { value: "a:1" }, i % 2 === 0 ? { commandId: `c${i}` } : {}).catch(codeOf),
    );
    const answers = await Promise.all(sends);
    // The first was running when the others arrived.
    expect(answers[0]).toMatchObject({ value: 1 });
    answers.slice(1).forEach((answer, i) => {
      if (i % 2 === 0) expect(answer).toMatchObject({ value: expect.any(Number) });
      else expect(answer).toBe("unavailable");
    });
    expect(await balanceOf(app)).toBe(1 + many.length / 2);
  });

  it("fails each command that waits while the stream cannot be loaded, and no later one", async () => {
    const { store } = watched();
    let breaks = false;
    const load: EventStore["loadStream"] = (...given) =>
      breaks
        ? Promise.reject(new PotterError("unavailable", "the connection is lost"))
        : Object.getPrototypeOf(store.events).loadStream(...given);
    const events = Object.create(store.events, { loadStream: { value: load } }) as EventStore;
    const app = await start({ parts: [account()], store: { ...store, events } });
    await app.send(open, { value: "a" });
    breaks = true;
    const answers = await Promise.all(many.map(() => app.send(deposit, { value: "a:1" }).catch(codeOf)));
    expect(new Set(answers)).toEqual(new Set(["unavailable"]));
    breaks = false;
    expect(await balanceOf(app)).toBe(0);
  });
});
