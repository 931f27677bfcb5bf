import { describe, expect, it } from "vitest";
import { memory } from "../store/memory/index.js";
import type { Store } from "../store/ports/index.js";
import { createApp } from "./create-app.js";
import { createMembers } from "./member.fixture.js";
import { personalCases } from "./personal-data.fixture.js";

describe("personal data in memory", () => {
  const open = async () => {
    const store = memory();
    return { store, peer: async () => store, close: () => store.stop() };
  };
  for (const { name, run } of personalCases) it(name, () => run(open));
});

describe("an app with personal data", () => {
  it("needs a store that keeps keys, or a separate key store", async () => {
    const { keys: _, ...bare } = memory() as Store & { keys: unknown };
    const store: Store = { ...bare, name: "mine" };
    expect(() => createApp({ parts: [createMembers()], store })).toThrow(
      'the contract has personal fields, and the store mine keeps no keys for them: give createApp "personalData.keys"',
    );
    const { keys } = memory();
    const app = createApp({ parts: [createMembers()], store, personalData: keys === undefined ? {} : { keys } });
    await app.start();
    expect(await app.eraseSubject("ada")).toBe(false);
    await app.stop();
  });

  it("does not wrap the store of a contract without personal data", () => {
    const store = memory();
    expect(createApp({ parts: [], store }).store).toBe(store);
  });
});
