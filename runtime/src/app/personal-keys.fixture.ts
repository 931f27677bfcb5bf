import { expect } from "vitest";
import { masterKey } from "../personal/index.js";
import { Member, register } from "./member.fixture.js";
import { dataOf, fill, type PersonalCase, personalCase } from "./personal-case.fixture.js";

const [first, second] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];

/** Keys of data subjects, and the master keys that wrap them. */
export const keyCases: readonly PersonalCase[] = [
  personalCase("uses separate keys for one subject of two tenants", async ({ app }) => {
    for (const tenant of ["north", "south"]) {
      await app.send(register, { id: "ada", email: "ada@example.com" }, { tenant });
    }
    await app.eraseSubject("ada", "north");
    const read = async (tenant: string) => (await app.history(Member, "ada", tenant)).map(({ data }) => data);
    expect(await read("north")).toEqual([{ plan: "basic" }]);
    expect(await read("south")).toEqual([{ email: "ada@example.com", plan: "basic" }]);
  }),
  personalCase(
    "rewraps keys with another master key, or with the first",
    async ({ app, another, store }) => {
      await fill(app);
      expect(await app.rewrapKeys()).toBe(0);
      const wrong = await another({ wrap: masterKey({ id: "m1", key: second }) });
      await expect(wrong.history(Member, "ada")).rejects.toMatchObject({ code: "failed_precondition" });
      const next = await another({ wrap: masterKey({ id: "m2", key: second, previous: { m1: first } }) });
      expect((await dataOf(next, Member, "ada"))[0]).toEqual({ email: "ada@example.com", plan: "basic" });
      // The keys of ada and bob, and the key of the unique values.
      expect(await next.rewrapKeys()).toBe(3);
      expect(await next.rewrapKeys()).toBe(0);
      const alone = await another({ wrap: masterKey({ id: "m2", key: second }) });
      expect((await dataOf(alone, Member, "ada"))[0]).toEqual({ email: "ada@example.com", plan: "basic" });
      expect(await store.keys?.find([{ tenant: "", subject: "ada" }])).toMatchObject([
        { wrapped: { wrappedBy: "m2" } },
      ]);
    },
    { personalData: { wrap: masterKey({ id: "m1", key: first }) } },
  ),
  personalCase("wraps keys that were stored unwrapped", async ({ app, another }) => {
    await fill(app);
    await expect(app.rewrapKeys()).rejects.toMatchObject({ code: "failed_precondition" });
    const wrapped = await another({ wrap: masterKey({ id: "m1", key: first }) });
    expect(await wrapped.rewrapKeys()).toBe(3);
    const other = await another({ wrap: masterKey({ id: "m1", key: first }) });
    expect((await dataOf(other, Member, "ada"))[0]).toEqual({ email: "ada@example.com", plan: "basic" });
  }),
];
