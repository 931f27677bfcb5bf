import { StringValueSchema } from "@bufbuild/protobuf/wkt";
import { expect, it } from "vitest";
import { Account } from "../aggregate/account.fixture.js";
import { defineService } from "../codegen/index.js";
import type { Method } from "../cqrs/index.js";
import { type Es, es } from "../message/index.js";
import type { RecordedEvent } from "../store/ports/index.js";
import { createApp } from "./create-app.js";

type Text = Es<typeof StringValueSchema>;
const text = es(StringValueSchema);

const write: Method<Text, Text, "unary", "command"> = {
  service: "test.v1.Notes",
  name: "Write",
  kind: "command",
  stream: "unary",
  request: text,
  response: text,
  http: [],
  errors: {},
};

interface Notes {
  readonly methods: { readonly write: typeof write };
  readonly commands: { readonly write: never };
  readonly queries: never;
  readonly errors: object;
  readonly views: object;
}
const notes = defineService<Notes>({ typeName: "test.v1.Notes", methods: { write }, errors: {}, views: () => ({}) });

it("an app whose parts bring no engine answers as one without aggregates and read models", async () => {
  let calls = 0;
  const handlers = notes.commands({
    write: (request) => {
      calls++;
      return request;
    },
  });
  const app = createApp({ parts: [handlers] });
  expect((await app.send(write, { value: "a" })).value).toBe("a");
  expect((await app.send(write, { value: "b" }, { waitFor: [] })).value).toBe("b");
  expect(app.projections).toEqual([]);
  await app.waitForProjections();
  const missing = { code: "not_found", message: "this app has no projection of Totals: it has none" };
  expect(() => app.projection("Totals")).toThrow(expect.objectContaining(missing));
  await expect(app.send(write, { value: "c" }, { waitFor: ["Totals"] })).rejects.toMatchObject(missing);
  expect(calls).toBe(2);
  await expect(app.history(Account, "one")).rejects.toMatchObject({ code: "failed_precondition" });
  expect(app.decodeEvent({ type: "account.opened", schemaVersion: 1 } as RecordedEvent)).toBeUndefined();
  expect(await app.eraseSubject("ada")).toBe(false);
  await app.stop();
});
