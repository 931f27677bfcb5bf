// An in-process client: one function for each rpc of a service, through the middleware of the app.
import { type StringValue, StringValueSchema } from "@bufbuild/protobuf/wkt";
import { describe, expect, expectTypeOf, it } from "vitest";
import { open } from "../aggregate/account.fixture.js";
import { defineService } from "../codegen/index.js";
import type { Method, MethodKind, StreamKind } from "../cqrs/index.js";
import { type Es, es } from "../message/index.js";
import { createApp, createClient } from "./index.js";
import { getTotal } from "./total.fixture.js";

type Text = Es<typeof StringValueSchema>;

function method<S extends StreamKind, K extends MethodKind>(
  name: string,
  stream: S,
  kind: K,
): Method<Text, Text, S, K> {
  const [request, response] = [es(StringValueSchema), es(StringValueSchema)];
  return { service: "test.v1.Notes", name, kind, stream, request, response, http: [], errors: {} };
}

const methods = {
  write: method("Write", "unary", "command"),
  read: method("Read", "unary", "query"),
  list: method("List", "server", "query"),
  join: method("Join", "client", "query"),
  echo: method("Echo", "bidi", "query"),
};
const Notes = defineService<{
  readonly methods: typeof methods;
  readonly commands: { readonly write: never };
  readonly errors: object;
  readonly queries: "read" | "list" | "join" | "echo";
  readonly views: object;
}>({ typeName: "test.v1.Notes", methods, errors: {}, views: () => ({}) });

function createNotes() {
  const ended: string[] = [];
  const app = createApp({
    parts: [
      Notes.commands({ write: async ({ value }, { user }) => ({ value: `${user} wrote ${value}` }) }),
      Notes.queries({
        read: ({ value }) => (value === "" ? undefined : { value: `read ${value}` }),
        async *list({ value }) {
          try {
            for (const letter of value) yield { value: letter };
          } finally {
            ended.push(value);
          }
        },
        async join(notes) {
          let all = "";
          for await (const { value } of notes) all += value;
          return { value: all };
        },
        async *echo(notes) {
          for await (const { value } of notes) yield { value: `${value}!` };
        },
      }),
    ],
  });
  return { app, client: createClient(Notes, app), ended };
}

async function* notes(...values: readonly string[]): AsyncGenerator<{ value: string }> {
  for (const value of values) yield { value };
}

async function valuesOf(answers: AsyncIterable<StringValue>): Promise<string[]> {
  const values: string[] = [];
  for await (const { value } of answers) values.push(value);
  return values;
}

describe("an in-process client", () => {
  it("sends commands and runs queries, with call options", async () => {
    const { app, client } = createNotes();
    expect((await client.write({ value: "a" }, { user: "ada" })).value).toBe("ada wrote a");
    expect((await client.read({ value: "a" })).value).toBe("read a");
    await app.stop();
  });

  it("rejects with the error of the app", async () => {
    const { app, client } = createNotes();
    await expect(client.read({ value: "" })).rejects.toMatchObject({ code: "not_found" });
    await app.stop();
    await expect(client.read({ value: "a" })).rejects.toMatchObject({ code: "unavailable" });
  });

  it("carries streams of requests and of responses", async () => {
    const { app, client } = createNotes();
    expect(await valuesOf(client.list({ value: "abc" }))).toEqual(["a", "b", "c"]);
    expect((await client.join(notes("a", "b"))).value).toBe("ab");
    expect(await valuesOf(client.echo(notes("a", "b")))).toEqual(["a!", "b!"]);
    await app.stop();
  });

  it("ends the handler of a stream that is abandoned before its end", async () => {
    const { app, client, ended } = createNotes();
    for await (const { value } of client.list({ value: "abc" })) if (value === "b") break;
    expect(ended).toEqual(["abc"]);
    await app.stop();
  });

  it("has the types of the contract", () => {
    const { app, client } = createNotes();
    expectTypeOf(client.read).returns.resolves.toEqualTypeOf<StringValue>();
    expectTypeOf(client.list).returns.toEqualTypeOf<AsyncIterable<StringValue>>();
    expectTypeOf(app.send).toBeCallableWith(open, { value: "a" });
    expectTypeOf(app.query).toBeCallableWith(getTotal, { value: "a" });
    // @ts-expect-error: a command is not a query.
    const query = () => app.query(open, { value: "a" });
    // @ts-expect-error: a query is not a command.
    const command = () => app.send(getTotal, { value: "a" });
    expect([query, command]).toHaveLength(2);
  });
});
