import { expect } from "vitest";
import { eventsMethod, type FollowedEvent } from "../aggregate/index.js";
import { uniqueValuesSubject } from "../personal/index.js";
import type { App } from "./app.js";
import { get, Member, move, Order, place, register } from "./member.fixture.js";
import { dataOf, fill, type PersonalCase, personalCase } from "./personal-case.fixture.js";

/** Follows the events of all members. Returns a function that reads the next event. */
async function follow(app: App, after: string, signal: AbortSignal) {
  const method = eventsMethod(Member.definition);
  const { response } = await app.dispatch(method, method.request.fromJson({ after }), { signal });
  const events = (response as AsyncIterable<FollowedEvent>)[Symbol.asyncIterator]();
  return async () => {
    const { position, message } = (await events.next()).value as FollowedEvent;
    const { email, address } = message as { readonly email?: string; readonly address?: { readonly street: string } };
    return { position, email, street: address?.street };
  };
}

/** What is left of a data subject that was erased. */
export const erasureCases: readonly PersonalCase[] = [
  personalCase(
    "compares unique values by a keyed hash, and releases them with their subject",
    async ({ app, another }) => {
      const taken = { code: "already_exists", message: "another Member has this email" };
      const asBob = { id: "bob", email: "ada@example.com" };
      await app.send(register, { id: "ada", email: "ada@example.com" });
      await expect(app.send(register, asBob)).rejects.toMatchObject(taken);
      const other = await another();
      await expect(other.send(register, asBob)).rejects.toMatchObject(taken);
      expect(await app.eraseSubject("somebody else")).toBe(false);
      await expect(app.send(register, asBob)).rejects.toMatchObject(taken);
      expect(await other.eraseSubject("ada")).toBe(true);
      await app.send(register, asBob);
      await expect(app.send(register, { id: "eve", email: "ada@example.com" })).rejects.toMatchObject(taken);
      // As left by a process that crashed after it had deleted the key.
      await app.store.keys?.erase({ tenant: "", subject: "bob" });
      expect(await app.eraseSubject("bob")).toBe(false);
      await app.send(register, { id: "eve", email: "ada@example.com" });
      await expect(app.eraseSubject(uniqueValuesSubject)).rejects.toMatchObject({ code: "invalid_argument" });
    },
  ),
  personalCase("erases a subject, and marks its events as erased wherever they are read", async ({ app }) => {
    await fill(app);
    expect(await app.eraseSubject("ada")).toBe(true);
    expect(await app.eraseSubject("ada")).toBe(false);
    expect(await app.eraseSubject("nobody")).toBe(false);
    expect(await dataOf(app, Member, "ada")).toEqual([
      { data: { plan: "basic" }, erased: true },
      { data: { address: { city: "Jena" } }, erased: true },
    ]);
    expect(await dataOf(app, Order, "o1")).toEqual([
      { data: { id: "o1", memberId: "ada" }, erased: true },
      { id: "o1", memberId: "bob", address: "Schlossgasse" },
    ]);
    expect(await dataOf(app, Member, "bob")).toEqual([{ email: "bob@example.com", plan: "basic" }]);
    const { events } = await app.store.events.readAll(0, 100);
    expect(events.map(({ erased }) => erased)).toEqual([true, true, undefined, true, undefined]);
  }),
  personalCase("delivers no erased data to followers of events", async ({ app }) => {
    await app.send(register, { id: "eve", email: "" });
    const end = new AbortController();
    // The first one keeps the shared reader open.
    const first = await follow(app, "0", end.signal);
    const { position } = await first();
    await fill(app);
    expect([await first(), await first()]).toMatchObject([{ email: "ada@example.com" }, { street: "Markt 7" }]);
    await app.eraseSubject("ada");
    const later = await follow(app, String(position), end.signal);
    expect([await later(), await later()]).toMatchObject([{ email: "" }, { street: "" }]);
    end.abort();
  }),
  personalCase("replays a recorded response without erased data", async ({ app }) => {
    await fill(app);
    await app.eraseSubject("ada");
    expect(await app.send(register, { id: "ada", email: "ada@example.com" }, { commandId: "c1" })).toMatchObject({
      id: "ada",
      text: "",
    });
  }),
  personalCase("refuses personal data of an erased subject until the subject is readmitted", async ({ app }) => {
    await fill(app);
    await app.eraseSubject("ada");
    await expect(app.send(move, { id: "ada", city: "Ulm", street: "Markt 7" })).rejects.toMatchObject({
      code: "failed_precondition",
      message: "this subject was erased, so its personal data is not recorded: call app.readmitSubject(subject) first",
    });
    await app.send(move, { id: "ada", city: "Ulm" });
    expect(await app.readmitSubject("ada")).toBe(true);
    expect(await app.readmitSubject("ada")).toBe(false);
    await app.send(move, { id: "ada", city: "Gera", street: "Markt 7" });
    expect(await dataOf(app, Member, "ada")).toEqual([
      { data: { plan: "basic" }, erased: true },
      { data: { address: { city: "Jena" } }, erased: true },
      { address: { city: "Ulm" } },
      { address: { city: "Gera", street: "Markt 7" } },
    ]);
  }),
  personalCase("reads rows without the data of an erased subject", async ({ app }) => {
    await fill(app);
    await app.send(place, { id: "o2", memberId: "ada", address: "Am Anger 3" });
    await app.eraseSubject("ada");
    expect(await app.query(get, { id: "o2" })).toMatchObject({ memberId: "ada", address: "", state: "known" });
    // Bob's event wrote the row last, so bob is its subject.
    expect(await app.query(get, { id: "o1" })).toMatchObject({ memberId: "bob", address: "Am Anger 3; Schlossgasse" });
  }),
  personalCase(
    "notices an erasure by another process within the time to live",
    async ({ app, another }) => {
      await fill(app);
      const other = await another();
      expect((await dataOf(other, Member, "ada"))[0]).toEqual({ email: "ada@example.com", plan: "basic" });
      await app.eraseSubject("ada");
      await new Promise((resolve) => setTimeout(resolve, 120));
      expect((await dataOf(other, Member, "ada"))[0]).toEqual({ data: { plan: "basic" }, erased: true });
      await app.readmitSubject("ada");
      await app.send(move, { id: "ada", city: "Gera", street: "Markt 7" });
      expect((await dataOf(other, Member, "ada")).at(-1)).toEqual({ address: { city: "Gera", street: "Markt 7" } });
    },
    { personalData: { keyTtl: 100 } },
  ),
];
