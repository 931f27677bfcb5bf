import { expect } from "vitest";
import { memory } from "../store/memory/index.js";
import { createApp } from "./create-app.js";
import { get, Member, move, Order, Placed, Registered, write } from "./member.fixture.js";
import { ada, dataOf, fill, type PersonalCase, parts, personalCase, print, secrets } from "./personal-case.fixture.js";

/** How personal data is stored: encrypted, and bound to the place where it is stored. */
export const storageCases: readonly PersonalCase[] = [
  personalCase(
    "stores no personal data in clear text, and decrypts it for authorized readers",
    async ({ app, dump }) => {
      await fill(app);
      expect(await dataOf(app, Member, "ada")).toEqual([
        { email: "ada@example.com", plan: "basic" },
        { address: { city: "Jena", street: "Markt 7" } },
      ]);
      const all = await app.store.events.readAll(0, 100);
      expect(all.events.map(({ erased }) => erased)).toEqual([undefined, undefined, undefined, undefined, undefined]);
      expect(await app.query(get, { id: "o1" })).toMatchObject({
        memberId: "bob",
        address: "Am Anger 3; Schlossgasse",
      });
      expect(await app.send(move, { id: "ada", city: "Jena", street: "Markt 7" }, { commandId: "c2" })).toMatchObject({
        text: "ada@example.com, Markt 7",
      });
      // Data that is not personal stays in clear text.
      if (dump !== undefined) for (const text of ["Jena", "basic", "ada"]) expect(await dump()).toContain(text);
    },
  ),
  personalCase(
    "stores no personal data in clear text in async read models",
    async ({ app }) => {
      await fill(app);
      expect(await app.query(get, { id: "o1" })).toMatchObject({ address: "Am Anger 3; Schlossgasse", state: "known" });
    },
    { mode: "async" },
  ),
  personalCase("records no personal fields of a response without a known subject", async ({ app }) => {
    const letter = { id: "17", text: "Markt 7" };
    expect(await app.send(write, letter, { commandId: "l1" })).toMatchObject({ to: "Markt 7", number: "17" });
    expect(await app.send(write, letter, { commandId: "l1" })).toMatchObject({ to: "", number: "17" });
  }),
  personalCase("refuses to filter by an encrypted field", async ({ app }) => {
    await fill(app);
    await expect(app.query(get, { address: "Markt 7" })).rejects.toMatchObject({
      code: "unimplemented",
      message: "club.v1.OrderView cannot be filtered by address: it is personal, so its values are stored encrypted",
    });
  }),
  personalCase(
    "refuses ciphertexts that were moved or changed, and reports only their location",
    async ({ app, store }) => {
      await fill(app);
      const raw = await store.events.readStream(ada);
      const [first] = raw;
      const bytes = first?.bytes as Uint8Array;
      const changed = bytes.slice();
      changed[changed.length - 10] = (changed[changed.length - 10] as number) ^ 1;
      const append = (id: string, expectedVersion: number, stored: Uint8Array) =>
        store.events.append({
          stream: { ...ada, id },
          expectedVersion,
          events: [{ id: crypto.randomUUID(), definition: Registered, data: undefined, bytes: stored }],
          correlationId: "",
          causationId: "",
          metadata: {},
        });
      await append("ada", 2, bytes);
      await append("eve", 0, bytes);
      await append("mallory", 0, changed);
      const failure = async (id: string) => app.history(Member, id).then(undefined, (error: unknown) => print(error));
      for (const [id, version] of [
        ["ada", 3],
        ["eve", 1],
        ["mallory", 1],
      ] as const) {
        const message = await failure(id);
        expect(message).toContain(`of version ${version} of the stream member ${id} `);
        for (const secret of secrets) expect(message).not.toContain(secret);
        await expect(app.history(Member, id)).rejects.toMatchObject({ code: "data_loss" });
      }
    },
  ),
  personalCase("reads events recorded before their fields were personal", async ({ app, store }) => {
    const data = Placed.codec.create({ id: "o9", memberId: "", address: "in the open" });
    await store.events.append({
      stream: { tenant: "", type: "order", id: "o9" },
      expectedVersion: 0,
      events: [{ id: crypto.randomUUID(), definition: Placed, data }],
      correlationId: "",
      causationId: "",
      metadata: {},
    });
    await app.eraseSubject("o9");
    expect(await dataOf(app, Order, "o9")).toEqual([{ id: "o9", address: "in the open" }]);
  }),
  personalCase("encrypts events that are imported from another store", async ({ app }) => {
    await fill(app);
    const store = memory();
    const other = createApp({ parts: parts("inline"), store });
    await other.start();
    expect(await other.store.events.importEvents((await app.store.events.readAll(0, 100)).events)).toBe(5);
    expect(await dataOf(other, Member, "ada")).toEqual(await dataOf(app, Member, "ada"));
    const raw = (await store.events.readAll(0, 100)).events;
    expect(raw.map(({ data }) => data)).toEqual([undefined, undefined, undefined, undefined, undefined]);
    const kept = raw.map(({ bytes }) => Buffer.from(bytes ?? []).toString("utf8")).join();
    for (const secret of secrets) expect(kept).not.toContain(secret);
    await other.eraseSubject("ada");
    expect((await other.history(Member, "ada")).map(({ erased }) => erased)).toEqual([true, true]);
    await other.stop();
  }),
];
