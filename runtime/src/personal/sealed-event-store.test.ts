import { describe, expect, it, vi } from "vitest";
import { at, noted, streamOf, textOf } from "../conformance/cases/index.js";
import { eventStoreConformance } from "../conformance/event-store/index.js";
import { makeAllPersonal, sealed } from "../conformance/sealed.fixture.js";
import { memory } from "../store/memory/index.js";
import type { AppendRequest, AppendResult, NewSubjectKey, Store } from "../store/ports/index.js";
import { hasEnvelope } from "./envelope.js";
import { PersonalData } from "./personal-data.js";
import { sealStore } from "./seal-store.js";

makeAllPersonal();
const contents = { streams: [{ type: "Note", events: [noted] }] };

describe("the memory store with personal events", () => {
  const open = async () => {
    const store = memory();
    return { store, peer: async () => store, close: () => store.stop() };
  };
  for (const { name, run } of eventStoreConformance(sealed(open))) it(name, run);

  it("encrypts the events that the suite records", async () => {
    const store = memory();
    const under = await sealed(async () => ({ store, peer: async () => store, close: () => store.stop() }))();
    await under.store.events.append(at("a", 0, ["one"]));
    expect(hasEnvelope((await store.events.readStream(streamOf("a")))[0]?.bytes)).toBe(true);
    expect(hasEnvelope((await under.store.events.readStream(streamOf("a")))[0]?.bytes)).toBe(false);
  });
});

describe("a store that appends and creates keys in one step", () => {
  type AppendWithKeys = (request: AppendRequest, keys: readonly NewSubjectKey[]) => Promise<AppendResult | undefined>;

  function open() {
    const inner = memory();
    const appendWithKeys = vi.fn<AppendWithKeys>(async (request, keys) => {
      for (const { wrapped, ...subject } of keys) await inner.keys?.create(subject, wrapped);
      return inner.events.append(request);
    });
    const store: Store = { ...inner, events: Object.assign(Object.create(inner.events), { appendWithKeys }) };
    const app = (keys?: Store["keys"]) =>
      new PersonalData(store, contents, sealStore, keys === undefined ? undefined : { keys }).store.events;
    const create = vi.spyOn(inner.keys as NonNullable<Store["keys"]>, "create");
    const readByAnother = async (id: string) => (await app().readStream(streamOf(id))).map(textOf);
    return { app, appendWithKeys, create, inner, readByAnother };
  }

  it("creates the key of a new subject with the append, and uses it from then on", async () => {
    const { app, appendWithKeys, inner, readByAnother } = open();
    const events = app();
    expect(await events.append(at("a", 0, ["one"]))).toMatchObject({ kind: "appended", version: 1 });
    expect(appendWithKeys.mock.calls.map(([, keys]) => keys.map(({ subject }) => subject))).toEqual([["a"]]);
    const find = vi.spyOn(inner.keys as NonNullable<Store["keys"]>, "find");
    await events.append(at("a", 1, ["two"]));
    expect(find).not.toHaveBeenCalled();
    expect(appendWithKeys).toHaveBeenCalledTimes(1);
    expect(await readByAnother("a")).toEqual(["one", "two"]);
  });

  it("creates the key before the append if both are not possible at once, and does so for a while", async () => {
    const { app, appendWithKeys, readByAnother } = open();
    appendWithKeys.mockResolvedValue(undefined);
    const events = app();
    await events.append(at("a", 0, ["one"]));
    await events.append(at("b", 0, ["two"]));
    expect(appendWithKeys).toHaveBeenCalledTimes(1);
    expect([await readByAnother("a"), await readByAnother("b")]).toEqual([["one"], ["two"]]);
  });

  it("does not use a key that may not be stored", async () => {
    const { app, appendWithKeys, readByAnother } = open();
    appendWithKeys.mockRejectedValueOnce(new Error("connection lost"));
    const events = app();
    await expect(events.append(at("a", 0, ["one"]))).rejects.toThrow("connection lost");
    appendWithKeys.mockResolvedValue(undefined);
    await events.append(at("a", 0, ["one"]));
    expect(await readByAnother("a")).toEqual(["one"]);
  });

  it("refuses data of a subject that was erased meanwhile", async () => {
    const { app, appendWithKeys, inner } = open();
    await inner.keys?.erase({ tenant: streamOf("a").tenant, subject: "a" });
    appendWithKeys.mockResolvedValue(undefined);
    await expect(app().append(at("a", 0, ["one"]))).rejects.toMatchObject({ code: "failed_precondition" });
    expect(await inner.events.readStream(streamOf("a"))).toEqual([]);
  });

  it("creates keys separately if another store keeps them", async () => {
    const { app, appendWithKeys, create } = open();
    await app(memory().keys).append(at("a", 0, ["one"]));
    expect(appendWithKeys).not.toHaveBeenCalled();
    expect(create).not.toHaveBeenCalled();
  });
});
