// The shop over the wire: a client that others generate from its document calls every operation, and others validator what
// went over the wire by the document.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DocumentValidator, type RecordedRequest } from "./document-validator.js";
import { driveShop, type Outcome } from "./drive-shop.js";
import { clientFile, generateClient } from "./generate-client.js";
import { type LiveShop, startShop } from "./live-shop.js";
import { mutate } from "./mutants.js";
import { findOperation, listErrorTypes, listOperations } from "./operations.js";
import { type Exchange, Recorder } from "./recorder.js";
import { readShopDocument, type ShopDocument } from "./shop-document.js";

let document: ShopDocument;
let validator: DocumentValidator;
let shop: LiveShop;
let outcome: Outcome;
const recorder = new Recorder();

beforeAll(async () => {
  document = readShopDocument();
  validator = await DocumentValidator.create(document);
  await generateClient();
  shop = await startShop();
  outcome = await driveShop(shop, recorder.fetch);
});

afterAll(async () => {
  await shop?.stop();
});

/** The status of a step's response and its body. */
const resultOf = ({ response, data, error }: { response: Response; data?: unknown; error?: unknown }) => [
  response.status,
  data ?? error,
];

describe("a client generated from the shop's document", () => {
  it("compiles at the strictest settings, with its callers", () => {
    const tsc = fileURLToPath(new URL("../../node_modules/typescript/bin/tsc", import.meta.url));
    const project = fileURLToPath(new URL("tsconfig.client.json", import.meta.url));
    const files = execFileSync(process.execPath, [tsc, "-p", project, "--listFilesOnly"], { encoding: "utf8" });
    expect(files).toContain(fileURLToPath(clientFile));
    expect(compile(tsc, project)).toBe("");
  });

  it("places, shows, lists, ships and cancels orders", () => {
    expect(resultOf(outcome.placed)).toEqual([200, { orderId: "o1" }]);
    expect(resultOf(outcome.got)).toEqual([
      200,
      {
        orderId: "o1",
        status: "ORDER_STATUS_PLACED",
        total: "3998",
        lines: [{ sku: "teapot", quantity: 2, unitPrice: "1999" }],
        placedAt: expect.any(String),
      },
    ]);
    expect(outcome.listed.data?.orders?.map(({ orderId }) => orderId)).toEqual(["o1"]);
    expect(outcome.listedNext.data?.orders?.map(({ orderId }) => orderId)).toEqual(["o2"]);
    expect(outcome.shipped?.data?.shippedAt).toMatch(/^\d{4}-.*Z$/);
    expect(resultOf(outcome.cancelled)).toEqual([200, {}]);
  });

  it("follows an order", () => {
    expect(outcome.watched.map(({ status }) => status)).toEqual(["ORDER_STATUS_PLACED", "ORDER_STATUS_SHIPPED"]);
  });

  it("checks out", () => {
    expect(resultOf(outcome.checkedOut)).toEqual([200, { orderId: "c1" }]);
    expect(outcome.watchedCheckout).toMatchObject({ orderId: "c1", status: "CHECKOUT_STATUS_COMPLETED" });
    expect(outcome.gotCheckout.data).toEqual(outcome.watchedCheckout);
  });

  it("charges payments and reserves stock", () => {
    expect(resultOf(outcome.charged)).toEqual([200, { paymentId: expect.stringMatching(/^payment-/) }]);
    expect(resultOf(outcome.refunded)).toEqual([200, {}]);
    expect(resultOf(outcome.replenished)).toEqual([200, { available: 10 }]);
    expect(resultOf(outcome.reserved)).toEqual([200, {}]);
    expect(resultOf(outcome.released)).toEqual([200, {}]);
    expect(outcome.counted.data).toMatchObject({ sku: "teapot", available: 10 });
  });

  it("waits for an event, and resumes the wait", () => {
    expect(resultOf(outcome.pending)).toEqual([202, { orderId: "w1" }]);
    expect(resultOf(outcome.resumed)).toEqual([200, { state: "WAIT_STATE_PENDING", position: expect.any(String) }]);
  });

  it("receives every declared error with its type", () => {
    const { placedAgain, placedTooDear, cancelledTooLate, shippedAgain, declined, outOfStock, overfilled } = outcome;
    expect(resultOf(placedTooDear)).toMatchObject([
      400,
      { type: "urn:proto:shop.orders.v1.OrderTotalTooLarge", error: { largest: "9223372036854775807" } },
    ]);
    expect([placedAgain, cancelledTooLate, shippedAgain, declined, outOfStock, overfilled].map(resultOf)).toEqual(
      [
        { type: "urn:proto:shop.orders.v1.OrderAlreadyPlaced", error: { orderId: "o1" } },
        { type: "urn:proto:shop.orders.v1.OrderAlreadyShipped", error: { orderId: "o1" } },
        { type: "urn:proto:shop.orders.v1.OrderNotOpen", error: { status: "ORDER_STATUS_SHIPPED" } },
        { type: "urn:proto:shop.payments.v1.CardDeclined", error: { reason: "the bank said no" } },
        { type: "urn:proto:shop.stock.v1.OutOfStock", error: { sku: "teapot", available: 6 } },
        { type: "urn:proto:shop.stock.v1.ShelfFull", error: { sku: "pins" } },
      ].map((problem) => [409, expect.objectContaining({ ...problem, error: expect.objectContaining(problem.error) })]),
    );
  });

  it("receives violations of a request, and not_found", () => {
    const { placedWrongly, listedTooMany, chargedNothing, reservedOfNobody, gotNone, countedNone } = outcome;
    const wrong = [placedWrongly, listedTooMany, chargedNothing, reservedOfNobody];
    expect(wrong.map(({ response }) => response.status)).toEqual([400, 400, 400, 400]);
    expect(resultOf(placedWrongly)[1]).toMatchObject({ violations: [{ in: "body", field: "/customerEmail" }] });
    expect(resultOf(listedTooMany)[1]).toMatchObject({ violations: [{ in: "query" }] });
    expect([gotNone, countedNone].map(({ response }) => response.status)).toEqual([404, 404]);
  });

  it("calls every operation with success, and receives every declared error", () => {
    const idOf = ({ method, path }: Exchange): string =>
      findOperation(document, method, path)?.id ?? `${method} ${path}`;
    const succeeded = new Set(recorder.exchanges.filter(({ status }) => status < 300).map(idOf));
    expect([...succeeded].sort()).toEqual(
      listOperations(document)
        .map(({ id }) => id)
        .sort(),
    );
    const met = recorder.exchanges
      .filter(({ contentType }) => contentType === "application/problem+json")
      .flatMap(({ responseBody }) => [...listErrorTypes(JSON.parse(responseBody))]);
    expect([...new Set(met)].sort()).toEqual([...listErrorTypes(document)].sort());
    expect(new Set(met).size).toBe(7);
  });
});

describe("recorded requests and responses", () => {
  it("match the document exactly where the server accepts the request", () => {
    const checked = recorder.exchanges.map((exchange) => ({
      call: `${exchange.method} ${exchange.path}${exchange.search} ${exchange.requestBody}`,
      // A declared error does not mean that the request is invalid.
      taken: exchange.status !== 400 || listErrorTypes(JSON.parse(exchange.responseBody)).size > 0,
      complaints: validator.problemsOfRequest(exchange),
    }));
    expect(checked.length).toBeGreaterThan(20);
    expect(checked.filter(({ taken, complaints }) => taken !== (complaints.length === 0))).toEqual([]);
  });

  it("match the document in every response, problems and streams included", () => {
    expect(new Set(recorder.exchanges.map(({ contentType }) => contentType))).toEqual(
      new Set(["application/json", "application/problem+json", "text/event-stream"]),
    );
    expect(recorder.exchanges.flatMap((exchange) => validator.problemsOfResponse(exchange))).toEqual([]);
  });

  it("would not match if they were changed", () => {
    const { exchanges } = recorder;
    const blamed = exchanges.filter((exchange) => {
      const body = exchange.responseBody;
      const changed =
        exchange.contentType === "text/event-stream"
          ? body.replaceAll(/"orderId":"\w+"/g, '"orderId":7')
          : exchange.status < 300
            ? body.replace(/\}$/, `${body === "{}" ? "" : ","}"unheardOf":1}`)
            : body.replace(/"status":\d+/, '"status":"wrong"');
      expect(changed).not.toBe(body);
      return validator.problemsOfResponse({ ...exchange, responseBody: changed }).length > 0;
    });
    expect(blamed.length).toBe(exchanges.length);
    const [first] = exchanges;
    expect(validator.problemsOfResponse({ ...(first as Exchange), contentType: "text/plain" })).toHaveLength(1);
  });
});

describe("requests that the document refuses", () => {
  it("are refused by the server: bodies with one fault", async () => {
    const taken: string[] = [];
    const operations = new Set<string>();
    let refused = 0;
    for (const exchange of firstSuccesses()) {
      for (const { change, body } of mutate(JSON.parse(exchange.requestBody))) {
        const asked = { ...exchange, requestBody: JSON.stringify(body) };
        if (validator.problemsOfRequest(asked).length === 0) continue;
        const answer = await send(asked);
        operations.add(exchange.path);
        refused++;
        if (answer.status !== 400) taken.push(`${exchange.method} ${exchange.path} ${change} → ${answer.status}`);
        expect(validator.problemsOfResponse(answer)).toEqual([]);
      }
    }
    expect(taken).toEqual([]);
    expect(operations.size).toBe(
      listOperations(document).filter(({ object }) => object.requestBody !== undefined).length,
    );
    expect(refused).toBeGreaterThan(100);
  });

  it("are refused by the server: parameters", async () => {
    const searches = [
      "?pageSize=-1",
      "?pageSize=1001",
      "?pageSize=x",
      "?status=WRONG",
      "?unheardOf=1",
      "?pageSize=1.5",
    ];
    for (const search of searches) {
      const asked = { method: "GET", path: "/v1/orders", search, requestHeaders: {}, requestBody: "" };
      expect([search, validator.problemsOfRequest(asked).length]).not.toEqual([search, 0]);
      const answer = await send(asked);
      expect([search, answer.status, validator.problemsOfResponse(answer)]).toEqual([search, 400, []]);
    }
  });

  /** The first success of each operation that has a body. */
  function firstSuccesses(): readonly Exchange[] {
    const seen = new Set<string>();
    return recorder.exchanges.filter(({ method, path, status, requestBody }) => {
      const id = findOperation(document, method, path)?.id ?? "";
      if (status >= 300 || requestBody === "" || seen.has(id)) return false;
      seen.add(id);
      return true;
    });
  }

  async function send({ method, path, search, requestHeaders, requestBody }: RecordedRequest): Promise<Exchange> {
    const one = new Recorder();
    const init = requestBody === "" ? {} : { body: requestBody };
    await one.fetch(new Request(`${shop.url}${path}${search}`, { method, headers: requestHeaders, ...init }));
    return one.exchanges[0] as Exchange;
  }
});

/** The errors of the compiler. */
function compile(tsc: string, project: string): string {
  try {
    return execFileSync(process.execPath, [tsc, "-p", project], { encoding: "utf8" });
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}
