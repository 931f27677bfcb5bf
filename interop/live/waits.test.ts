// The shop's waits over the wire, and what its documents say about them: others validate the requests and responses.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { from30 } from "../instances/dialect-3-0.js";
import { writeDocuments } from "../src/documents.js";
import { contracts } from "../src/sources.js";
import { DocumentValidator } from "./document-validator.js";
import { type LiveShop, startShop } from "./live-shop.js";
import { type Exchange, Recorder } from "./recorder.js";
import type { ShopDocument } from "./shop-document.js";

let shop: LiveShop;
let waits: Awaited<ReturnType<typeof waitInEveryWay>>;

beforeAll(async () => {
  shop = await startShop();
  waits = await waitInEveryWay();
});

afterAll(() => shop?.stop());

async function send(method: string, path: string, headers: Record<string, string>, body?: object): Promise<Exchange> {
  const recorder = new Recorder();
  const init =
    body === undefined
      ? { headers }
      : { headers: { ...headers, "content-type": "application/json" }, body: JSON.stringify(body) };
  const response = await recorder.fetch(new Request(`${shop.url}${path}`, { method, ...init }));
  // A stream has no end.
  if (response.headers.get("content-type") === "text/event-stream") await response.body?.cancel();
  return recorder.exchanges[0] as Exchange;
}

const lines = [{ sku: "teapot", quantity: 2, unitPrice: "1999" }];
const place = (orderId: string, headers: Record<string, string>) =>
  send("POST", "/v1/orders", headers, { orderId, customerEmail: "ada@example.com", lines });

/** Calls that wait, by how they end. */
async function waitInEveryWay() {
  const readModel = await place("o1", { "potter-wait-for": "OrderView", "potter-wait": "60000" });
  const position = await place("o2", { "potter-after": "0" });
  const after = { "potter-after": position.responseHeaders["potter-position"] ?? "", "potter-wait": "60000" };
  const query = await send("GET", "/v1/orders/o2", after);
  const stream = await send("GET", "/v1/orders/o2:watch", after);
  const event = await send("POST", "/v1/orders/o1:ship", { "potter-wait-for": "OrderShipped", prefer: "wait=60" }, {});
  // Nobody cancels the order in the name of this command.
  const pending = await place("o3", { "potter-wait-for": "OrderCancelled", prefer: "respond-async" });
  const resumedPending = await send("GET", pending.responseHeaders["location"] ?? "", { prefer: "wait=0" });
  const token = event.responseHeaders["potter-wait-token"] ?? "";
  const resumedReached = await send("GET", `/potter/v1/waits/${token}`, { "potter-wait": "60000" });
  const payment = await send(
    "POST",
    "/v1/payments",
    { "potter-wait-for": "OrderView, StockView" },
    { orderId: "o1", amount: "3998", cardToken: "tok" },
  );
  const unknownName = await place("o4", { "potter-wait-for": "Nothing" });
  const malformedName = await place("o4", { "potter-wait-for": "not a name" });
  const malformedWait = await place("o4", { "potter-wait-for": "OrderView", "potter-wait": "soon" });
  const unknownPosition = await send("GET", "/v1/orders/o2", { "potter-after": "wrong" });
  const unknownToken = await send("GET", "/potter/v1/waits/wrong", {});
  await shop.projection("StockView").pause();
  const later = await send("POST", "/v1/stock/teapot:replenish", { "potter-after": "0" }, { quantity: 10 });
  const tooEarly = await send("GET", "/v1/stock/teapot", {
    "potter-after": later.responseHeaders["potter-position"] ?? "",
    prefer: "wait=0",
  });
  await shop.projection("StockView").resume();
  return {
    readModel,
    position,
    query,
    stream,
    event,
    pending,
    resumedPending,
    resumedReached,
    payment,
    unknownName,
    malformedName,
    malformedWait,
    unknownPosition,
    unknownToken,
    tooEarly,
  };
}

it("the shop answers waits in every way", () => {
  expect(Object.fromEntries(Object.entries(waits).map(([name, { status }]) => [name, status]))).toEqual({
    readModel: 200,
    position: 200,
    query: 200,
    stream: 200,
    event: 200,
    pending: 202,
    resumedPending: 200,
    resumedReached: 200,
    payment: 200,
    unknownName: 400,
    malformedName: 400,
    malformedWait: 400,
    unknownPosition: 400,
    unknownToken: 400,
    tooEarly: 503,
  });
  expect(JSON.parse(waits.pending.responseBody)).toEqual({ orderId: "o3" });
  expect(JSON.parse(waits.resumedPending.responseBody)).toMatchObject({ state: "WAIT_STATE_PENDING" });
  expect(JSON.parse(waits.resumedReached.responseBody)).toMatchObject({
    state: "WAIT_STATE_REACHED",
    event: "shop.orders.v1.OrderShipped",
    data: { orderId: "o1" },
  });
});

/** Calls whose headers are malformed by the document. */
const malformed: readonly string[] = ["malformedName", "malformedWait"];
/** Calls with `Prefer`, whose responses have every header that the document lists. */
const complete: readonly string[] = ["event", "pending", "tooEarly"];

describe.each(["3.0", "3.1"] as const)("the document of the shop in OpenAPI %s", (version) => {
  let document: ShopDocument;
  let validator: DocumentValidator;

  beforeAll(async () => {
    document = readDocument(version);
    validator = await DocumentValidator.create(document);
  });

  it("describes the requests", () => {
    for (const [name, exchange] of Object.entries(waits)) {
      expect([name, validator.problemsOfRequest(exchange).length > 0]).toEqual([name, malformed.includes(name)]);
    }
  });

  it("describes the bodies of the responses", () => {
    const { stream: _stream, ...others } = waits;
    expect(Object.values(others).flatMap((exchange) => validator.problemsOfResponse(exchange))).toEqual([]);
  });

  it("describes the headers of the responses, and no others", () => {
    for (const [name, exchange] of Object.entries(waits)) {
      expect([name, validator.problemsOfWait(exchange, complete.includes(name))]).toEqual([name, []]);
    }
  });

  it("does not describe a body, a status or a header that the shop does not send", () => {
    const { pending, tooEarly, query } = waits;
    expect(validator.problemsOfResponse({ ...pending, responseBody: '{"unheardOf":1}' })).not.toEqual([]);
    const state = { ...pending.responseHeaders, "potter-state": "wrong" };
    expect(validator.problemsOfWait({ ...pending, responseHeaders: state }, true)).not.toEqual([]);
    const { location: _location, ...incomplete } = pending.responseHeaders;
    expect(validator.problemsOfWait({ ...pending, responseHeaders: incomplete }, true)).not.toEqual([]);
    expect(validator.problemsOfWait({ ...tooEarly, responseHeaders: { "retry-after": "soon" } }, true)).not.toEqual([]);
    expect(validator.problemsOfWait({ ...query, responseHeaders: { "potter-state": "reached" } }, false)).not.toEqual(
      [],
    );
  });
});

/** The document, with the schemas of 3.0 as the validators read them. */
function readDocument(version: "3.0" | "3.1"): ShopDocument {
  const request = contracts.find(([name]) => name === "shop")?.[1];
  const [document] = request ? writeDocuments(request(), version, "merged", { waits: "on" }) : [];
  const value = document?.value as unknown as ShopDocument;
  if (version === "3.1") return value;
  const schemas = Object.entries(value.components.schemas).map(([name, schema]) => [name, from30(schema)]);
  const converted = convertSchemas(value) as ShopDocument;
  return { ...converted, components: { ...converted.components, schemas: Object.fromEntries(schemas) } };
}

function convertSchemas(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(convertSchemas);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([name, one]) => [
    name,
    name === "schema" ? from30(one as object) : convertSchemas(one),
  ]);
  return Object.fromEntries(entries);
}
