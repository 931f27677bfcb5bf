// Queries the shop over HTTP, server-sent events and WebSockets, and prints the responses without the texts of messages.

import { memory } from "@potter/runtime";
import { serve } from "@potter/runtime/node";
import { ws } from "@potter/runtime/ws";
import { createClient } from "graphql-ws";
import { WebSocket } from "ws";
import { createShop } from "../../examples/shop/dist/src/app.js";

interface Result {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string }[];
}

const placing = `mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { orderId } }`;
const line = { sku: "teapot", quantity: 2, unitPrice: "1999" };
const input = (orderId: string, more = line) => ({ orderId, customerEmail: "ada@example.com", lines: [more] });

const order = `fragment Facts on OrderView { orderId status total lines { sku quantity unitPrice } }`;
/** The requests, by name, in order. */
const questions = {
  place: { query: placing, variables: { input: input("o1") } },
  "place again": { query: placing, variables: { input: input("o1") } },
  one: { query: `{ order(orderId: "o1") { ...Facts __typename } } ${order}` },
  "of two that are put together": {
    query: `{ order(orderId: "o1") { lines { sku } } order(orderId: "o1") { lines { quantity } } }`,
  },
  "left out": {
    query: `query ($no: Boolean!) { order(orderId: "o1") { status @skip(if: $no) total } }`,
    variables: { no: true },
  },
  list: { query: `{ orders(first: 1) { nodes { ...Facts } edges { cursor } pageInfo { hasNextPage } } } ${order}` },
  "none such": { query: `{ first: order(orderId: "o1") { status } second: order(orderId: "gone") { status } }` },
  "against the rules": { query: placing, variables: { input: { ...input("o2"), customerEmail: "ada" } } },
  "an unknown field": { query: "{ gone }" },
  "an unknown variable": { query: "{ order(orderId: $id) { status } }" },
  "a value that no enum has": {
    query: "query ($s: OrderStatus) { orders(status: $s) { nodes { total } } }",
    variables: { s: "LOST" },
  },
  "64 bits and more": {
    query: placing,
    variables: { input: input("o3", { ...line, unitPrice: "9223372036854775808" }) },
  },
  "64 bits and more, in the document": {
    query: `mutation { placeOrder(input: { orderId: "o3", customerEmail: "ada@example.com", lines: [{ sku: "x", quantity: 1, unitPrice: 9223372036854775808 }] }) { orderId } }`,
  },
  "a thousand aliases": { query: `{ ${Array.from({ length: 1000 }, (_, at) => `a${at}: __typename`).join(" ")} }` },
  "too deep": { query: `{ __schema { types { ${"fields { type { ".repeat(10)}name${" } }".repeat(10)} } } }` },
  "the schema": {
    query: `{ __schema { queryType { fields { name } } } __type(name: "OrderStatus") { enumValues { name } } }`,
  },
};

const app = createShop(memory());
const server = await serve(app, { webSockets: ws() });
const answers: Record<string, unknown> = {};
try {
  for (const [name, body] of Object.entries(questions)) {
    const response = await post(body, "application/graphql-response+json");
    answers[name] = [response.status, withoutWords((await response.json()) as Result)];
    await app.waitForProjections();
  }
  const batch = await post([questions.one, questions.one], "application/graphql-response+json");
  answers["a batch"] = [batch.status, withoutWords((await batch.json()) as Result)];
  const events = await readEvents(`subscription { orderEvents(after: "0") { orderId version event { __typename } } }`);
  // A position ends with digits of the id of its event, which is another one each time.
  answers["server-sent events"] = events.replace(/^(id: \d+)-\w+$/gm, "$1-…");
  answers["a WebSocket"] = await followBySocket(`subscription { order(orderId: "o1") { status total } }`);
} finally {
  await server.stop();
}
process.stdout.write(JSON.stringify(answers, null, 1));

function post(body: unknown, accept: string): Promise<Response> {
  const headers = { "content-type": "application/json", accept };
  return fetch(`${server.url}/graphql`, { method: "POST", headers, body: JSON.stringify(body) });
}

/** Versions of graphql-js phrase errors differently. */
function withoutWords({ errors, ...rest }: Result): object {
  return {
    ...rest,
    ...(errors && { errors: errors.map(({ message, ...facts }) => ({ withMessage: message !== "", ...facts })) }),
  };
}

/** The first event's text. */
async function readEvents(query: string): Promise<string> {
  const response = await post({ query }, "text/event-stream");
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (/event: next[\s\S]*\n\n/.test(text)) break;
  }
  return text;
}

async function followBySocket(query: string): Promise<unknown> {
  const client = createClient({ url: `${server.url.replace("http", "ws")}/graphql`, webSocketImpl: WebSocket });
  try {
    const { value } = await client.iterate({ query }).next();
    return value;
  } finally {
    await client.dispose();
  }
}
