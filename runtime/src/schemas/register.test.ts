import { fromJson, toBinary } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { es } from "../message/index.js";
import { memory } from "../store/memory/index.js";
import type { EventSchemaStore, Store } from "../store/ports/index.js";
import { messagesOf } from "./contract.fixture.js";
import { describeEvent, registerEvents } from "./index.js";

const define = (text: string, version = 1, name = "M") => ({
  type: "order.placed",
  version,
  codec: es(messagesOf(text)(name)),
});
const record = (...recorded: ReturnType<typeof define>[]) => ({ recorded, read: [] });

const first = define("message M { string a = 1; }");
const wider = define("message M { string a = 1; int32 b = 2; }");
const wrong = define("message M { string a = 1; string c = 2; }");

describe("registerEvents", () => {
  it("stores each declaration once", async () => {
    const store = memory();
    for (const one of [first, wider, first, wider]) await registerEvents(store, record(one, one));
    const schemas = await (store.schemas as EventSchemaStore).list();
    expect(schemas.map(({ type, schemaVersion, message }) => [type, schemaVersion, message])).toEqual([
      ["order.placed", 1, "t.M"],
      ["order.placed", 1, "t.M"],
    ]);
    expect(new Set(schemas.map(({ hash }) => hash)).size).toBe(2);
  });

  it("refuses a declaration that would misread an earlier one, and reports all faults", async () => {
    const store = memory();
    await registerEvents(store, record(wider));
    // b was removed, and its number must not return as another field.
    await registerEvents(store, record(first));
    const events = record(wrong, define("message M { int32 a = 1; }", 2));
    await registerEvents(store, record(define("message M { bytes a = 1; }", 2)));
    await expect(registerEvents(store, events)).rejects.toMatchObject({
      code: "failed_precondition",
      message: `the contract would misread stored events:
- order.placed version 1: t.M.c, number 2, was int32 (then named b) and is string
- order.placed version 2: t.M.a, number 1, was bytes and is int32
Restore the earlier declaration of each field, or declare a new version of the event that supersedes the old one`,
    });
    expect(await store.schemas?.list()).toHaveLength(3);
  });

  it("compares the declarations of events of other apps without storing them", async () => {
    const store = memory();
    await registerEvents(store, { recorded: [], read: [first] });
    expect(await store.schemas?.list()).toEqual([]);
    await registerEvents(store, record(wider));
    await expect(registerEvents(store, { recorded: [], read: [wrong] })).rejects.toMatchObject({
      code: "failed_precondition",
    });
  });

  it("accepts only one of two concurrent declarations that contradict each other", async () => {
    const store = memory();
    const answers = await Promise.allSettled([
      registerEvents(store, record(wider)),
      registerEvents(store, record(wrong)),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await store.schemas?.list()).toHaveLength(1);
  });

  it("reads once if all declarations are known", async () => {
    const store = memory();
    await registerEvents(store, record(wider));
    const calls: string[] = [];
    const schemas = new Proxy(store.schemas as EventSchemaStore, {
      get: (target, name) => {
        calls.push(String(name));
        const value = Reflect.get(target, name);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    await registerEvents({ ...store, schemas }, record(wider));
    expect(calls).toEqual(["list"]);
  });
});

describe("describeEvent", () => {
  const event = { type: "order.placed", schemaVersion: 1 };

  it("describes an event by the newest declaration, without the code", async () => {
    const store = memory();
    await registerEvents(store, record(first, define("message M { int64 total = 7; }", 2)));
    await registerEvents(store, record(wider));
    await registerEvents(store, record(first));
    const bytes = toBinary(wider.codec.schema, fromJson(wider.codec.schema, { a: "x", b: 3 }));
    expect(await describeEvent(store, { ...event, bytes })).toEqual({ a: "x", b: 3 });
    const second = messagesOf("message M { int64 total = 7; }")("M");
    const large = toBinary(second, fromJson(second, { total: "9007199254740993" }));
    expect(await describeEvent(store, { ...event, schemaVersion: 2, bytes: large })).toEqual({
      total: "9007199254740993",
    });
  });

  it("describes events of large contracts, which are compressed", async () => {
    const fields = Array.from({ length: 200 }, (_, i) => `string field_number_${i} = ${i + 1};`).join(" ");
    const big = define(`message M { ${fields} }`);
    const store = memory();
    await registerEvents(store, record(big));
    const [schema] = (await store.schemas?.list()) ?? [];
    const stored = (await store.schemas?.descriptors([schema?.hash ?? ""]))?.get(schema?.hash ?? "");
    expect(stored?.[0]).toBe(1);
    expect(stored?.length).toBeLessThan(2_500);
    const bytes = toBinary(big.codec.schema, fromJson(big.codec.schema, { fieldNumber199: "x" }));
    expect(await describeEvent(store, { ...event, bytes })).toEqual({ fieldNumber199: "x" });
  });

  it("describes events of a store that does not serialize them while their code is loaded", async () => {
    const store = memory();
    await registerEvents(store, record(first));
    expect(await describeEvent(store, { ...event, data: first.codec.create({ a: "x" } as never) })).toEqual({ a: "x" });
  });

  it("returns undefined for an event that is not declared, or does not match its declaration", async () => {
    const store = memory();
    await registerEvents(store, record(first));
    expect(await describeEvent(store, { ...event, schemaVersion: 9, bytes: new Uint8Array() })).toBeUndefined();
    expect(await describeEvent(store, { ...event, bytes: new Uint8Array([10, 200]) })).toBeUndefined();
    const { schemas: _, ...without } = store;
    expect(await describeEvent(without as Store, { ...event, bytes: new Uint8Array() })).toBeUndefined();
  });

  it("reads declarations that were added later", async () => {
    const store = memory();
    const bytes = toBinary(first.codec.schema, fromJson(first.codec.schema, { a: "x" }));
    expect(await describeEvent(store, { ...event, bytes })).toBeUndefined();
    await registerEvents(store, record(first));
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    expect(await describeEvent(store, { ...event, bytes })).toEqual({ a: "x" });
  });
});
