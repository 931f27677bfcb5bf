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

it("encrypts events that a transaction over rows appends, also where no rows are encrypted", async () => {
  for (const rows of [[codec], []]) {
    const inner = memory();
    const definition = { type: "person.noted", version: 1, codec };
    const { store } = new PersonalData(inner, { events: [definition], rows }, sealStore, undefined);
    const stream = { tenant: "t", type: "person", id: "p1" };
    const seen: unknown[] = [];
    await store.rows.transact(async (transaction) => {
      await transaction.append?.({
        stream,
        expectedVersion: 0,
        events: [{ id: "8a5b2d4e-6f70-4c1b-9d3e-0a1b2c3d4e5f", definition, data: person("Secret Street") }],
        correlationId: "c",
        causationId: "k",
        metadata: {},
        command: { id: "c1", requestHash: "h", response: new Uint8Array([1]) },
        inline: async ([event]) => void seen.push(event?.data),
      });
    });
    expect(seen).toMatchObject([{ home: { street: "Secret Street" } }]);
    const [raw] = await inner.events.readStream(stream);
    expect(textOf(raw?.bytes)).toContain("Here");
    expect(textOf(raw?.bytes)).not.toMatch(/Secret|example/);
    const [event] = await store.events.readStream(stream);
    expect(codec.decode(event?.bytes as Uint8Array)).toMatchObject({ home: { street: "Secret Street" } });
  }
});
