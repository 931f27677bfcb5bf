// The user of a call: passed to deciders, recorded with events, and shown wherever events are read.
import { StringValueSchema } from "@bufbuild/protobuf/wkt";
import { describe, expect, it } from "vitest";
import { pglite } from "../adapters/pglite/index.js";
import { Account, createAccount, deposit, open } from "../aggregate/account.fixture.js";
import type { AnyDeciderPart, DecideContext } from "../aggregate/index.js";
import { readModels } from "../engines/index.js";
import { es } from "../message/index.js";
import type { EventMeta, ProjectionPart } from "../projection/index.js";
import { memory } from "../store/memory/index.js";
import { subscribe } from "../store/subscriptions/index.js";
import { createApp } from "./create-app.js";

describe.each([
  ["memory", () => memory()],
  ["PGlite", () => pglite()],
])("the user of a call, with a store in %s", (_, openStore) => {
  it("is passed to the decider, and recorded in the metadata of its events", async () => {
    const store = openStore();
    const users: string[] = [];
    const seen: EventMeta["metadata"][] = [];
    const account = createAccount() as AnyDeciderPart;
    const { decide } = account.decider;
    const watched: AnyDeciderPart = {
      ...account,
      decider: {
        ...account.decider,
        decide: {
          ...decide,
          deposit: (state: never, command: never, ctx: DecideContext) => {
            users.push(ctx.user);
            return (decide as Record<string, (...given: unknown[]) => never>)["deposit"]?.(state, command, ctx);
          },
        },
      },
    };
    const projection: ProjectionPart = {
      kind: "projection",
      readModel: {
        name: "Deposits",
        codec: es(StringValueSchema) as never,
        keyField: "value",
        key: () => "k",
        events: { deposited: Account.definition.events["deposited"] as never },
        engine: readModels,
      },
      version: 1,
      mode: "async",
      on: { deposited: async (_event: never, _rows: never, { metadata }: EventMeta) => void seen.push(metadata) },
    };
    const app = createApp({ parts: [watched, projection], store });
    await app.send(open, { value: "a" });
    await app.send(deposit, { value: "a:1" }, { user: "ada", metadata: { channel: "web" } });
    await app.send(deposit, { value: "a:2" }, { user: "bob" });
    await app.waitForProjections();
    expect(users).toEqual(["ada", "bob"]);
    expect(seen).toEqual([{ channel: "web", user: "ada" }, { user: "bob" }]);
    const followed: EventMeta["metadata"][] = [];
    for await (const { events } of subscribe(store.events, { after: 0 })) {
      followed.push(...events.map(({ metadata }) => metadata));
      if (followed.length === 3) break;
    }
    expect(followed).toEqual([{}, { channel: "web", user: "ada" }, { user: "bob" }]);
    await app.stop();
  });
});
