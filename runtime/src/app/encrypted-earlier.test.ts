import { expect, it } from "vitest";
import { createAccount } from "../aggregate/account.fixture.js";
import type { AnyDeciderPart } from "../aggregate/index.js";
import { personalData } from "../engines/index.js";
import { masterKey } from "../personal/index.js";
import { memory } from "../store/memory/index.js";
import type { Store } from "../store/ports/index.js";
import { createApp } from "./create-app.js";
import { createMembers, register } from "./member.fixture.js";

const wrap = masterKey({ id: "one", key: new Uint8Array(32) });
/** A part without personal fields. */
const plain = [createAccount()];

async function storeWithMember(): Promise<Store> {
  const store = memory();
  const app = createApp({ store, parts: [createMembers()], unimplemented: [], personalData: { wrap } });
  await app.send(register, { id: "ada", email: "ada@example.com" });
  return store;
}

it("an app that cannot decrypt refuses to start on a store with keys of subjects", async () => {
  const store = await storeWithMember();
  await expect(createApp({ store, parts: plain, personalData: { wrap } }).start()).rejects.toMatchObject({
    code: "failed_precondition",
    message: expect.stringContaining("personalData.engine: personalData"),
  });
  await createApp({ store, parts: plain, personalData: { wrap, engine: personalData } }).start();
  await createApp({ store: memory(), parts: plain, personalData: { wrap } }).start();
});

it("generated code that does not bring the encryption of its personal fields is refused", () => {
  const { aggregate, decider } = createMembers();
  const without = (definition: object) => ({ ...definition, personal: undefined });
  const old = {
    kind: "decider",
    decider,
    aggregate: {
      ...aggregate,
      events: Object.fromEntries(Object.entries(aggregate.events).map(([name, one]) => [name, without(one)])),
      commands: () =>
        Object.fromEntries(
          Object.entries(aggregate.commands()).map(([name, one]) => [name, { ...one, method: without(one.method) }]),
        ),
    },
  } as unknown as AnyDeciderPart;
  expect(() => createApp({ parts: [old] })).toThrow(
    "club.v1.Registered has personal fields, which the generated code does not encrypt: " +
      "generate the code again with protoc-gen-potter-cqrs of this release",
  );
});
