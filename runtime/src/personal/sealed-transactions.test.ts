import { create } from "@bufbuild/protobuf";
import { expect, it } from "vitest";
import { type AnyCodec, es } from "../message/index.js";
import { memory } from "../store/memory/index.js";
import type { RowTable } from "../store/ports/index.js";
import { PersonalData, sealStore } from "./index.js";
import { personOf } from "./person.fixture.js";

const schema = personOf("v3");
const codec = es(schema) as AnyCodec;
const table: RowTable = { name: "people", version: 1, codec, due: "born" };
const person = (street: string, born = 0n) =>
  create(schema, {
    id: "p1",
    email: "p1@example.org",
    born,
    home: { city: "Here", street },
    spouse: { id: "p2", email: "p2@example.org" },
  });
const textOf = (bytes: Uint8Array | undefined) => new TextDecoder("latin1").decode(bytes);

it("encrypts personal fields of rows that are written without an append, nested ones too, under a key that it creates", async () => {
  const inner = memory();
  const { store } = new PersonalData(inner, { rows: [codec] }, sealStore, undefined);
  const raw: RowTable = { name: "people", version: 1, codec: { ...codec, decode: (bytes) => bytes } };
  await store.rows.transact((rows) => rows.put(table, "t", "k", person("Secret Street")));
  const stored = textOf((await inner.rows.get(raw, "t", "k")) as Uint8Array);
  expect(stored).toContain("Here");
  expect(stored).not.toMatch(/Secret|example/);
  expect(await inner.keys?.find([{ tenant: "t", subject: "p1" }])).toMatchObject([{ erased: false }]);
  const streets = await store.rows.transact(async (rows) => {
    const found = (await rows.get(table, "t", "k")) as { readonly home: { readonly street: string } };
    await rows.put(table, "t", "k", person(`${found.home.street} 2`));
    return found.home.street;
  });
  expect(streets).toBe("Secret Street");
  expect(await store.rows.get(table, "t", "k")).toMatchObject({ home: { street: "Secret Street 2" } });
});

it("loses no update of encrypted rows", async () => {
  const inner = memory();
  const { store } = new PersonalData(inner, { rows: [codec] }, sealStore, undefined);
  await Promise.all(
    Array.from({ length: 20 }, () =>
      store.rows.transact(async (rows) => {
        const found = (await rows.get(table, "t", "k")) as { readonly home: { readonly street: string } } | undefined;
        await rows.put(table, "t", "k", person(`${found?.home.street ?? ""}x`));
      }),
    ),
  );
  expect(await store.rows.get(table, "t", "k")).toMatchObject({ home: { street: "x".repeat(20) } });
});
