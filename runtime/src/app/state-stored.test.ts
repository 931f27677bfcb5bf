import { StringValueSchema } from "@bufbuild/protobuf/wkt";
import { beforeEach, describe, expect, it } from "vitest";
import { Account, createAccount, deposit, open, withdraw } from "../aggregate/account.fixture.js";
import type { AnyDeciderPart } from "../aggregate/index.js";
import { readModels } from "../engines/index.js";
import { es } from "../message/index.js";
import { outbox } from "../outbox/index.js";
import type { ProjectionPart } from "../projection/index.js";
import { memory } from "../store/memory/index.js";
import type { Store } from "../store/ports/index.js";
import { createApp } from "./create-app.js";

const stream = { tenant: "", type: "account", id: "a" };

function stored(more: Partial<AnyDeciderPart["decider"]> = {}): AnyDeciderPart {
  const { decider } = createAccount() as AnyDeciderPart;
  const { snapshotEvery: _, ...aggregate } = Account.definition;
  return { kind: "decider", aggregate: { ...aggregate, persistence: "state" }, decider: { ...decider, ...more } };
}

function projection(more: Partial<ProjectionPart> = {}): ProjectionPart {
  const codec = es(StringValueSchema);
  const events = { opened: Account.definition.events["opened"] as never };
  return {
    kind: "projection",
    readModel: { name: "Owners", codec: codec as never, keyField: "value", key: () => "k", events, engine: readModels },
    version: 1,
    mode: "inline",
    on: { opened: (event: never, rows: never) => (rows as { upsert(row: unknown): Promise<void> }).upsert(event) },
    ...more,
  };
}

describe("an aggregate that stores its state", () => {
  let store: Store;
  beforeEach(() => {
    store = memory();
  });

  it("decides like one that stores its events, but stores no event", async () => {
    const app = createApp({ parts: [stored()], store });
    await app.send(open, { value: "a" });
    expect((await app.send(deposit, { value: "a:5" })).value).toBe(5);
    expect((await app.send(withdraw, { value: "a:2" })).value).toBe(3);
    await expect(app.send(withdraw, { value: "a:9" })).rejects.toMatchObject({ message: "overdrawn" });
    await expect(app.send(deposit, { value: "b:1" })).rejects.toMatchObject({ code: "not_found" });
    await expect(app.send(open, { value: "a" })).rejects.toMatchObject({ code: "already_exists" });
    expect(await store.states?.load(stream)).toMatchObject({ version: 3, stateVersion: 1 });
    expect((await store.events.readAll(0, 10)).events).toEqual([]);
    expect((await store.outbox?.backlog())?.waiting).toBe(0);
    await app.stop();
  });

  it("runs a command once, and loses no concurrent change", async () => {
    const app = createApp({ parts: [stored()], store });
    await app.send(open, { value: "a" });
    const once = { commandId: "c1" };
    expect((await app.send(deposit, { value: "a:5" }, once)).value).toBe(5);
    expect((await app.send(deposit, { value: "a:5" }, once)).value).toBe(5);
    await expect(app.send(deposit, { value: "a:6" }, once)).rejects.toMatchObject({ code: "already_exists" });
    await Promise.all(Array.from({ length: 4 }, () => app.send(deposit, { value: "a:1" })));
    expect((await app.send(deposit, { value: "a:1" })).value).toBe(10);
    await app.stop();
  });

  it("converts a state of an older version, and reports a missing conversion", async () => {
    const first = createApp({ parts: [stored()], store });
    await first.send(open, { value: "a" });
    await first.send(deposit, { value: "a:5" });
    const snapshot = {
      version: 2,
      encode: (balance: number) => Uint8Array.of(balance),
      decode: ([balance = 0]: Uint8Array) => balance,
    };
    const without = createApp({ parts: [stored({ snapshot })], store });
    await expect(without.send(deposit, { value: "a:1" })).rejects.toMatchObject({
      code: "failed_precondition",
      message:
        'a state of Account is stored in version 1, and this app knows version 2: add a "migrate" to its decider that converts it',
    });
    const migrate = (bytes: Uint8Array, version: number) => version * 100 + Number(new TextDecoder().decode(bytes));
    const second = createApp({ parts: [stored({ snapshot, migrate })], store });
    expect((await second.send(deposit, { value: "a:1" })).value).toBe(106);
    await expect(first.send(deposit, { value: "a:1" })).rejects.toThrow("a later release of this app has stored it");
  });

  it("refuses commands while its state cannot be decoded, and leaves the state as it is", async () => {
    const app = createApp({ parts: [stored()], store });
    await app.send(open, { value: "a" });
    await app.send(deposit, { value: "a:5" });
    await app.stop();
    const { snapshot } = createAccount().decider as unknown as { readonly snapshot: object };
    const decode = () => {
      throw new Error("the bytes are damaged");
    };
    const broken = createApp({ parts: [stored({ snapshot: { ...snapshot, decode } })], store });
    await expect(broken.send(deposit, { value: "a:1" })).rejects.toMatchObject({ code: "internal" });
    await broken.stop();
    const mended = createApp({ parts: [stored()], store });
    expect((await mended.send(deposit, { value: "a:1" })).value).toBe(6);
    await mended.stop();
  });

  it("reserves a unique value, does not reveal its holder, and releases it", async () => {
    const unique = { balance: (balance: number) => (balance === 0 ? undefined : `secret ${balance}`) };
    const app = createApp({ parts: [stored({ unique })], store });
    for (const id of ["a", "b"]) await app.send(open, { value: id });
    await app.send(deposit, { value: "a:5" });
    const refused = await app.send(deposit, { value: "b:5" }).catch((error: unknown) => error);
    expect(refused).toMatchObject({
      code: "already_exists",
      message: "another Account has this balance",
      violations: [{ field: "balance", rule: "unique", message: "must be unique among all Account" }],
    });
    expect(JSON.stringify(refused)).not.toContain("secret");
    expect((await app.send(deposit, { value: "b:4" })).value).toBe(4);
    await app.send(deposit, { value: "a:1" });
    expect((await app.send(deposit, { value: "b:1" })).value).toBe(5);
    await expect(app.send(withdraw, { value: "a:1" })).rejects.toMatchObject({ code: "already_exists" });
    // Unique values of tenants are separate.
    const elsewhere = { tenant: "t" };
    await app.send(open, { value: "a" }, elsewhere);
    expect((await app.send(deposit, { value: "a:5" }, elsewhere)).value).toBe(5);
    await app.stop();
  });

  it("updates inline projections in its transaction", async () => {
    const app = createApp({ parts: [stored(), projection()], store });
    await app.send(open, { value: "a" });
    const table = { name: "google.protobuf.StringValue", version: 1, codec: es(StringValueSchema) as never };
    expect(await store.rows.get(table, "", "k")).toMatchObject({ value: "somebody" });
    await app.stop();
  });

  it("publishes its events by the outbox, in a form that the app can decode", async () => {
    const sent: unknown[] = [];
    const app = createApp({
      parts: [stored()],
      store,
      outbox: outbox({
        publish: async (message) => {
          const { stream: streamId, version, correlationId, metadata } = message;
          sent.push([streamId.id, version, correlationId, app.decodeEvent(message)?.toJson(), metadata]);
        },
      }),
    });
    const refused = app.send(open, { value: "a" }).then(() => app.send(withdraw, { value: "a:9" }));
    await expect(refused).rejects.toMatchObject({ message: "overdrawn" });
    await app.send(deposit, { value: "a:5" }, { correlationId: "conversation", user: "ada" });
    await expect.poll(async () => (await app.outbox()).waiting).toBe(0);
    expect(sent).toEqual([
      ["a", 1, expect.any(String), "somebody", {}],
      ["a", 2, "conversation", 5, { user: "ada" }],
    ]);
    expect((await store.events.readAll(0, 10)).events).toEqual([]);
    await app.stop();
  });

  it("leaves its events to another process if this one publishes none", async () => {
    const app = createApp({ parts: [stored()], store, outbox: outbox() });
    await app.send(open, { value: "a" });
    expect(await app.outbox()).toMatchObject({ waiting: 1, relaying: false });
    const sent: string[] = [];
    const sender = createApp({
      parts: [],
      store,
      outbox: outbox({ publish: async ({ type }) => void sent.push(type) }),
    });
    await sender.start();
    await expect.poll(() => sent).toEqual(["account.opened"]);
    await sender.stop();
  });

  it("needs the outbox option and a store with an outbox to publish events", async () => {
    const app = createApp({ parts: [stored()], store });
    await expect(app.outbox()).rejects.toThrow('the app has no outbox: pass "outbox" to createApp');
    const { outbox: _, ...without } = store;
    expect(() => createApp({ parts: [stored()], store: without, outbox: outbox() })).toThrow(
      'the store memory has no outbox, but createApp was given "outbox"',
    );
  });

  it("is refused with projections that need a log", () => {
    expect(() => createApp({ parts: [stored(), projection({ mode: "async" })], store })).toThrow(
      "the projection of google.protobuf.StringValue has to be inline: account.opened is an event of Account, which stores its state: no log keeps it",
    );
    expect(() => createApp({ parts: [stored(), projection({ version: 2 })], store })).toThrow(
      "the projection of google.protobuf.StringValue cannot be rebuilt as version 2: account.opened is an event of Account",
    );
  });

  it("is refused with a store that stores no states", () => {
    const { states: _, ...without } = store;
    expect(() => createApp({ parts: [stored()], store: without })).toThrow(
      "the store has no state store, and Account stores its state",
    );
  });
});
