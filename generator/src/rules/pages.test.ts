// The pages of docs/diagnostics: what they show as wrong raises their code, and what they show as right nothing.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { compileProto, contract, diagnosticsOf, goPotter, legacyContract, narrowTo } from "../testing/index.js";

const folder = join(import.meta.dirname, "../../../docs/diagnostics");

/** What the pages leave out: added where it is named and not declared. */
const declarations: Readonly<Record<string, string>> = {
  Order: `message Order { option (potter.v1.aggregate) = {}; string order_id = 1; }`,
  StockItem: `message StockItem { option (potter.v1.aggregate) = {}; string id = 1; }`,
  OrderPlaced: `message OrderPlaced { option (potter.v1.event) = {type: "order.placed" version: 2}; }`,
  OrderPlacedV1: `message OrderPlacedV1 { option (potter.v1.event) = {type: "order.placed" superseded_by: "OrderPlaced"}; }`,
  OrderShipped: `message OrderShipped { option (potter.v1.event) = {}; }`,
  OrderApproved: `message OrderApproved { option (potter.v1.event) = {}; string order_id = 1; }`,
  OrderView: `message OrderView { option (potter.v1.read_model) = {from: "OrderPlaced"}; string id = 1; }`,
  PlaceOrderRequest: `message PlaceOrderRequest { string order_id = 1; }`,
  PlaceOrderResponse: `message PlaceOrderResponse {}`,
  GetOrderRequest: `message GetOrderRequest { string order_id = 1; }`,
  ListOrdersRequest: `message ListOrdersRequest {}`,
  ListOrdersResponse: `message ListOrdersResponse { repeated string orders = 1; }`,
  ReserveRequest: `message ReserveRequest { string sku = 1; }`,
  ReserveResponse: `message ReserveResponse {}`,
  StockService: `service StockService {
  rpc Reserve(ReserveRequest) returns (ReserveResponse);
  rpc Release(ReserveRequest) returns (ReserveResponse);
}`,
  PaymentService: `service PaymentService { rpc Charge(ReserveRequest) returns (ReserveResponse); }`,
  // Rpcs of messages that stand by themselves.
  CancelOrderRequest$: `service Cancelling {
  rpc CancelOrder(CancelOrderRequest) returns (PlaceOrderResponse) { option (potter.v1.command) = {aggregate: "Order"}; }
}`,
  GetOrderRequest$: `service Getting { rpc GetOrder(GetOrderRequest) returns (OrderView); }`,
};

interface Example {
  readonly code: string;
  readonly kind: "wrong" | "right";
  readonly file: string;
  readonly text: string;
}

const examples = readdirSync(folder).flatMap(readExamples);
const request = compileProto({ ...goPotter, ...Object.fromEntries(examples.map(({ file, text }) => [file, text])) });

function codesOf({ file }: Example): readonly string[] {
  const lines = ["3.0", "3.1"].flatMap((version) => diagnosticsOf(narrowTo(request, [file]), version));
  return [...new Set(lines.map(({ code }) => code))];
}

describe("the pages of diagnostics", () => {
  it("show one wrong and one right example each", () => {
    const shown = readdirSync(folder).map((page) => readExamples(page).map(({ kind }) => kind));
    expect(shown).toEqual(shown.map(() => ["wrong", "right"]));
  });

  it.each(examples.filter(({ kind }) => kind === "wrong"))(
    "$code is raised by what its page shows as wrong",
    (example) => {
      expect(codesOf(example)).toEqual([example.code]);
    },
  );

  it.each(examples.filter(({ kind }) => kind === "right"))(
    "$code is not raised by what its page shows as right",
    (example) => {
      expect(codesOf(example)).toEqual([]);
    },
  );
});

function readExamples(page: string): Example[] {
  const code = page.replace(/\.md$/, "");
  const text = readFileSync(join(folder, page), "utf8");
  return [...text.matchAll(/^(Wrong|Right):\n+```proto\n([\s\S]*?)^```$/gm)].map(([, word, snippet = ""]) => {
    const kind = word === "Wrong" ? "wrong" : "right";
    const name = `${code.replaceAll("-", "_")}_${kind}`;
    return { code, kind, file: `${name}.proto`, text: complete(snippet).replace("package shop;", `package ${name};`) };
  });
}

function complete(snippet: string): string {
  let text = /potter\.v1\.aggregate\)/.test(snippet) ? snippet : `${snippet}\n${declarations["Order"]}`;
  for (;;) {
    const missing = Object.keys(declarations).find((name) => isNamed(text, name) && !isDeclared(text, name));
    if (missing === undefined) return /\(potter\.\w+\)/.test(text) ? legacyContract(text) : contract(text);
    text += `\n${declarations[missing]}`;
  }
}

function isNamed(text: string, name: string): boolean {
  const message = name.replace("$", "");
  // A caller is wanted where the message is all that a page shows.
  if (name.endsWith("$")) return text.includes(`message ${message} `) && !/^service /m.test(text);
  return new RegExp(`\\b${message}\\b`).test(text);
}

function isDeclared(text: string, name: string): boolean {
  return !name.endsWith("$") && new RegExp(`^(message|service) ${name}\\b`, "m").test(text);
}
