import { buildSchema, type GraphQLSchema } from "graphql";
import { vi } from "vitest";
import { silentLogger } from "../../cqrs/index.js";
import { PotterError } from "../../errors/index.js";
import { createGate, fetchHandler, type HttpOptions, type TransportHost } from "../../http/index.js";
import { graphql } from "./graphql.js";
import type { GraphQLOptions } from "./options.js";

/** The schema of the tests. */
export const sdl = `
  enum Color { RED GREEN }
  type Node { id: ID! color: Color next: Node nodes(first: Int): [Node!]! page(first: Int): Page! }
  type Page { nodes: [Node!]! }
  type Query { node: Node nodes(first: Int): [Node!]! paint(color: Color!): String fail: String! refuse: String who: String count: Int
    search(by: By): [Node!]! many(ids: [ID!]): [Node!]! }
  input By { page: Paging }
  input Paging { limit: Int }
  type Mutation { paint: String }
  type Subscription { painted: String }
`;

/** Serves the schema. `executed` is called for each field that is executed. */
export function open(
  options: Omit<GraphQLOptions, "schema" | "modules"> = {},
  overrides: Partial<TransportHost> & { readonly http?: HttpOptions } = {},
) {
  const executed = vi.fn();
  const schema: GraphQLSchema = buildSchema(sdl);
  const resolve = (type: string, field: string, value: (context: { user?: string }) => unknown) => {
    const fields = schema.getType(type) as unknown as { getFields(): Record<string, { resolve?: unknown }> };
    const found = fields.getFields()[field];
    if (found === undefined) throw new Error(`${type}.${field}`);
    found.resolve = (_source: unknown, _args: unknown, context: { user?: string }) => {
      executed(field);
      return value(context);
    };
  };
  resolve("Query", "node", () => ({ id: "1", color: "RED" }));
  resolve("Query", "nodes", () => []);
  resolve("Query", "paint", () => "painted");
  resolve("Query", "fail", () => {
    throw new Error("the password is swordfish");
  });
  resolve("Query", "refuse", () => {
    throw new PotterError("not_found", "there is no such node");
  });
  resolve("Query", "who", (context) => context.user);
  resolve("Mutation", "paint", () => "painted");
  const error = vi.fn();
  const dispatch = () => Promise.reject(new Error("the schema of this test has no methods"));
  const gate = createGate(overrides.http);
  const host = { methods: [], logger: { ...silentLogger, error }, dispatch, csrf: gate.csrf, ...overrides };
  const handle = fetchHandler(gate.open([graphql({ ...options, schema }).mount(host)]));
  const send = (body: unknown, headers: Readonly<Record<string, string>> = {}) =>
    handle(
      new Request("http://shop/graphql", {
        method: "POST",
        headers: { "content-type": "application/json", accept: "application/graphql-response+json", ...headers },
        body: typeof body === "string" ? body : JSON.stringify(body),
      }),
    );
  /** Status, code and message of the first error. */
  const refusal = async (body: unknown) => {
    const response = await send(body);
    const { errors } = (await response.json()) as { errors: { message: string; extensions: { code: string } }[] };
    return [response.status, errors[0]?.extensions.code, errors[0]?.message];
  };
  return { handle, send, refusal, executed, error, schema };
}
