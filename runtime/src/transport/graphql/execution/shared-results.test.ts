// Subscribers of the same event with equal variables share one serialised result, unless their results may differ.
import {
  buildSchema,
  type GraphQLObjectType,
  type GraphQLUnionType,
  type OperationDefinitionNode,
  parse,
} from "graphql";
import { expect, it } from "vitest";
import { asPure, asSourceResolver } from "../schema/index.js";
import { compileOperation, JsonResult, toJsonText } from "./index.js";

const text = `
  type Query { _: Int }
  type Subscription { happened(id: ID): Event! }
  type Event { name(upper: Boolean): String mine: String made: String late: String what: What other: Other }
  union What = One
  union Other = One
  type One { number: Int }
`;

/** Executes the operation on an event for a user. */
function open(query: string) {
  const schema = buildSchema(text);
  const fieldsOf = (type: string) => (schema.getType(type) as GraphQLObjectType).getFields();
  let read = 0;
  const set = (type: string, field: string, resolve: unknown) => {
    (fieldsOf(type)[field] as { resolve?: unknown }).resolve = resolve;
  };
  const count = asPure(
    asSourceResolver((event: unknown): unknown => {
      read++;
      return event;
    }),
  );
  set("Subscription", "happened", count);
  set(
    "Event",
    "mine",
    asSourceResolver((_source, _args, context) => String((context as { user: string }).user)),
  );
  (schema.getType("What") as GraphQLUnionType).resolveType = asPure(
    (value: { __typename: string }) => value.__typename,
  );
  const document = parse(query);
  const compiled = compileOperation(schema, document, document.definitions[0] as OperationDefinitionNode);
  if (compiled === undefined) throw new Error("this version of graphql-js is not supported");
  const execute = async (event: unknown, variables: Record<string, unknown> = {}, user = "ada") =>
    compiled(variables, { user }, event);
  return { execute, reads: () => read };
}

const event = () => ({
  name: "placed",
  made: () => "by a function",
  what: { __typename: "One" },
  other: { __typename: "One" },
});

it("executes and serialises once for subscribers with equal variables", async () => {
  const { execute, reads } = open("subscription ($id: ID) { happened(id: $id) { name what { __typename } } }");
  const [one, other] = [event(), event()];
  const results = [await execute(one, { id: "1" }), await execute(one, { id: "1" }, "bob")];
  expect(results[1]).toBe(results[0]);
  expect(reads()).toBe(1);
  expect(results.map(toJsonText)).toEqual(
    new Array(2).fill('{"data":{"happened":{"name":"placed","what":{"__typename":"One"}}}}'),
  );
  expect(await execute(one, { id: "2" })).not.toBe(results[0]);
  expect(await execute(other, { id: "1" })).not.toBe(results[0]);
  expect(reads()).toBe(3);
});

it("distinguishes variables that decide which fields are selected", async () => {
  const { execute } = open("subscription ($all: Boolean!) { happened { name mine @include(if: $all) } }");
  const one = event();
  const run = async (all: boolean, user: string) => toJsonText(await execute(one, { all }, user));
  expect(await run(false, "ada")).toBe('{"data":{"happened":{"name":"placed"}}}');
  expect(await run(true, "ada")).toBe('{"data":{"happened":{"name":"placed","mine":"ada"}}}');
  expect(await run(true, "bob")).toBe('{"data":{"happened":{"name":"placed","mine":"bob"}}}');
  expect(await run(false, "bob")).toBe('{"data":{"happened":{"name":"placed"}}}');
});

it.each([
  ["a resolver that reads the context", "mine"],
  ["a property that is a function", "made"],
  ["a type that graphql-js resolves", "other { ... on One { number } }"],
])("does not share a result with %s", async (name, selection) => {
  const { execute, reads } = open(`subscription { happened { ${selection} } }`);
  const one = event();
  const results = [await execute(one), await execute(one)];
  expect(results[1]).toEqual(results[0]);
  expect([name, reads()]).toEqual([name, 2]);
});

it("does not share a result with failures or promises", async () => {
  const { execute, reads } = open("subscription { happened { late name } }");
  const failing = { name: new Error("no name"), late: "now" };
  const waiting = { name: "placed", late: Promise.resolve("later") };
  for (const one of [failing, failing, waiting, waiting]) await execute(one);
  expect(reads()).toBe(4);
});

it("caches results of an event for a limited number of variables", async () => {
  const { execute, reads } = open("subscription ($id: ID) { happened(id: $id) { name } }");
  const one = event();
  for (let at = 0; at < 40; at++) {
    expect(toJsonText(await execute(one, { id: String(at) }))).toBe('{"data":{"happened":{"name":"placed"}}}');
  }
  expect(reads()).toBe(40);
  for (let at = 0; at < 40; at++) await execute(one, { id: String(at) });
  expect(reads()).toBe(40 + 24);
});

it("writes a text of a result once for equal ids and positions", () => {
  const result = JsonResult.ofData({ n: 1 });
  let written = 0;
  const textFor = (id: string, position: string | undefined) =>
    result.textFor(id, position, () => `${id} at ${position} ${result.text} ${++written}`);
  expect(textFor("a", "7")).toBe('a at 7 {"data":{"n":1}} 1');
  expect(textFor("a", "7")).toBe('a at 7 {"data":{"n":1}} 1');
  expect(textFor("b", "7")).toBe('b at 7 {"data":{"n":1}} 2');
  expect(textFor("b", "8")).toBe('b at 8 {"data":{"n":1}} 3');
  expect(textFor("b", undefined)).toBe('b at undefined {"data":{"n":1}} 4');
  expect(written).toBe(4);
});
