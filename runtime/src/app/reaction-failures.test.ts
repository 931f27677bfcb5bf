// What reactions do with events that cannot be handled, and with declarations that cannot work.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Deposited, DepositedV1, deposit, Opened, Withdrawn } from "../aggregate/account.fixture.js";
import { defineEvent } from "../codegen/index.js";
import { reaction } from "../engines/index.js";
import { PotterError } from "../errors/index.js";
import { handle, type Reaction, type ReactionContext } from "../reaction/index.js";
import { memory } from "../store/memory/index.js";
import type { App } from "./app.js";
import { openAccounts, openProcesses, type Processes } from "./processes.fixture.js";
import { ask, charge, createGate } from "./till.fixture.js";

let processes: Processes;
beforeEach(async () => {
  processes = await openProcesses(memory());
});
afterEach(() => processes.stop());

const soon = 20_000;
const lettersOf = (app: App) => app.projection("notes").deadLetters();

/** A reaction to deposits; the handler may wait or fail. */
const notes = (run: (value: string, ctx: ReactionContext) => void | Promise<void>, others: Partial<Reaction> = {}) =>
  reaction({
    name: "notes",
    on: [handle(Deposited, ({ value }, ctx) => run(`${ctx.event.stream.id}${value}`, ctx))],
    ...others,
  });

it("an event whose handler fails blocks its stream only, until a retry succeeds", async () => {
  let isFaulty = true;
  const seen: string[] = [];
  const app = processes.start([
    notes(
      (value) => {
        if (value === "a1" && isFaulty) throw new Error("a fault of the handler");
        seen.push(value);
      },
      { retries: 0 },
    ),
  ]);
  await openAccounts(app, "a", "b");
  for (const value of ["a:1", "b:1", "a:2", "b:2"]) await app.send(deposit, { value });
  await app.waitForProjections();
  await app.send(deposit, { value: "a:3" });
  await app.waitForProjections();
  expect(seen).toEqual(["b1", "b2"]);
  expect(await lettersOf(app)).toMatchObject([
    { key: "account/a", version: 2, attempts: 1, error: expect.stringMatching(/^Error: /) },
    { key: "account/a", version: 3, attempts: 0, error: undefined },
    { key: "account/a", version: 4, attempts: 0, error: undefined },
  ]);
  isFaulty = false;
  expect(await app.projection("notes").retry("account/a")).toBe(1);
  await vi.waitFor(() => expect(seen).toEqual(["b1", "b2", "a1", "a2", "a3"]), soon);
  await vi.waitFor(async () => expect(await lettersOf(app)).toEqual([]), soon);
});

it("an event is retried as often as declared, then it waits for a person", async () => {
  let runs = 0;
  const fail = () => {
    runs++;
    throw new Error("a fault of the handler");
  };
  const app = processes.start([notes(fail, { retries: 1 })]);
  await openAccounts(app, "a");
  await app.send(deposit, { value: "a:1" });
  await vi.waitFor(async () => expect(await lettersOf(app)).toMatchObject([{ attempts: 2, retryIn: undefined }]), soon);
  expect(runs).toBe(2);
  expect(await app.projection("notes").discard("account/a")).toBe(1);
});

it("temporary failures are retried beyond that, since nobody has to act", async () => {
  const app = processes.start([
    notes(() => Promise.reject(new PotterError("unavailable", "the mail server is down")), { retries: 1 }),
  ]);
  await openAccounts(app, "a");
  await app.send(deposit, { value: "a:1" });
  await app.waitForProjections();
  await vi.waitFor(async () => expect((await lettersOf(app))[0]?.attempts).toBeGreaterThan(2), soon);
  expect((await lettersOf(app))[0]?.retryIn).toBeDefined();
});

it("when all streams fail temporarily, the events wait in the log instead of becoming dead letters", async () => {
  let isDown = true;
  const seen = new Set<string>();
  const app = processes.start([
    notes(
      (value) => {
        if (isDown) throw new PotterError("unavailable", "the mail server is down");
        seen.add(value);
      },
      { from: "beginning" },
    ),
  ]);
  await app.start();
  await app.projection("notes").pause();
  const ids = Array.from({ length: 10 }, (_, i) => `s${i}`);
  await openAccounts(app, ...ids);
  for (const id of ids) await app.send(deposit, { value: `${id}:1` });
  await app.projection("notes").resume();
  await vi.waitFor(() => expect(app.projection("notes").status?.error).toMatchObject({ code: "unavailable" }), soon);
  expect(await lettersOf(app)).toEqual([]);
  isDown = false;
  await app.waitForProjections();
  expect(seen.size).toBe(10);
});

it("a handler that takes too long has failed: its signal aborts, and it can send nothing any more", async () => {
  const gate = createGate();
  const late: unknown[] = [];
  const app = processes.start([
    notes(
      async (_, ctx) => {
        await gate.passed;
        late.push([ctx.signal.aborted, await ctx.send(charge, { value: "card" }).catch((error: unknown) => error)]);
      },
      { retries: 0, timeout: 5 },
    ),
  ]);
  await openAccounts(app, "a");
  await app.send(deposit, { value: "a:1" });
  await app.waitForProjections();
  expect(await lettersOf(app)).toMatchObject([{ error: expect.stringMatching(/^TimeoutError: /), retryIn: undefined }]);
  gate.open();
  await vi.waitFor(() => expect(late).toMatchObject([[true, { code: "failed_precondition" }]]), soon);
});

it("a call that the handler did not wait for ends before the next event", async () => {
  const order: string[] = [];
  const app = processes.start(
    [
      notes((value, ctx) => {
        order.push(value);
        void ctx.query(ask, { value });
      }),
    ],
    {
      ask: async ({ value }) => {
        await new Promise((resolve) => setTimeout(resolve, 5));
        order.push(`asked ${value}`);
        return { value };
      },
    },
  );
  await openAccounts(app, "a");
  for (const value of ["a:1", "a:2"]) await app.send(deposit, { value });
  await app.waitForProjections();
  expect(order).toEqual(["a1", "asked a1", "a2", "asked a2"]);
});

it("an event that cannot be decoded, or whose version nobody knows, becomes a dead letter", async () => {
  const next = defineEvent({ type: Deposited.type, version: 9, codec: Deposited.codec });
  const append = (id: string, definition: typeof Deposited, bytes?: Uint8Array) =>
    processes.store.events.append({
      stream: { tenant: "", type: "account", id },
      expectedVersion: 0,
      events: [
        {
          id: crypto.randomUUID(),
          definition,
          data: definition.codec.create({ value: 1 }),
          ...(bytes !== undefined && { bytes }),
        },
      ],
      correlationId: "c",
      causationId: "c",
      metadata: {},
    });
  const seen: string[] = [];
  const app = processes.start([notes((value) => void seen.push(value), { retries: 0, from: "beginning" })]);
  await append("poison", Deposited, Uint8Array.of(0xff));
  await append("unknown", next);
  await append("good", Deposited);
  await app.start();
  await app.waitForProjections();
  expect(seen).toEqual(["good1"]);
  expect((await lettersOf(app)).map(({ key }) => key)).toEqual(["account/poison", "account/unknown"]);
});

it.each([
  ["an empty name", { name: "" }, "the reaction  has an invalid name"],
  ["a name with a slash", { name: "a/b" }, "the reaction a/b has an invalid name"],
  ["no handlers", { on: [] }, "the reaction notes has no handlers"],
  [
    "two handlers of an event",
    { on: [handle(Opened, () => {}), handle(Opened, () => {})] },
    "more than one handler of account.opened",
  ],
  [
    "a superseded event",
    { on: [handle(DepositedV1, () => {})] },
    "account.deposited version 1 is read as version 2: handle that",
  ],
  ["no concurrency", { concurrency: 0 }, "the reaction notes has concurrency 0: expected 1 or more"],
  ["no time", { timeout: 0 }, "the reaction notes has timeout 0: expected milliseconds from 1"],
  ["no shards", { shards: 0 }, "the reaction notes has 0 shards: expected 1 to 256"],
  ["negative retries", { retries: -1 }, "the reaction notes has -1 retries: expected 0 or more"],
])("a reaction with %s is refused", (_, wrong: Partial<Reaction>, message) => {
  const declared = reaction({ name: "notes", on: [handle(Withdrawn, () => {})], ...wrong });
  expect(() => processes.start([declared])).toThrow(message);
});

it("a name belongs to one reaction", () => {
  const one = () => reaction({ name: "notes", on: [handle(Withdrawn, () => {})] });
  expect(() => processes.start([one(), one()])).toThrow("the reaction notes is given more than once");
});

it("the key of a command is text of some length", async () => {
  const errors: unknown[] = [];
  const app = processes.start([
    notes(async (_, ctx) => {
      for (const key of ["", "k".repeat(101)]) {
        try {
          ctx.commandId(key);
        } catch (error) {
          errors.push(error);
        }
      }
    }),
  ]);
  await openAccounts(app, "a");
  await app.send(deposit, { value: "a:1" });
  await app.waitForProjections();
  expect(errors).toMatchObject([{ code: "invalid_argument" }, { code: "invalid_argument" }]);
});
