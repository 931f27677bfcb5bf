// The shop over the wire: a client that others generate from its document calls every operation, and others validator what
// went over the wire by the document.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AskedRequest, DocumentValidator } from "./document-validator.js";
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

/** What a step gave: its status and its body, right or wrong. */
const told = ({ response, data, error }: { response: Response; data?: unknown; error?: unknown }) => [
  response.status,
  data ?? error,
];

describe("a client generated from the shop's document", () => {
  it("compiles under the strictest settings, with what calls it", () => {
    const tsc = fileURLToPath(new URL("../../node_modules/typescript/bin/tsc", import.meta.url));
    const project = fileURLToPath(new URL("tsconfig.client.json", import.meta.url));
    const files = execFileSync(process.execPath, [tsc, "-p", project, "--listFilesOnly"], { encoding: "utf8" });
    expect(files).toContain(fileURLToPath(clientFile));
    expect(compile(tsc, project)).toBe("");
  });

  it("places, shows, lists, ships and cancels orders", () => {
    expect(told(outcome.placed)).toEqual([200, { orderId: "o1" }]);
    expect(told(outcome.got)).toEqual([
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
    expect(told(outcome.cancelled)).toEqual([200, {}]);
  });

  it("follows an order", () => {
    expect(outcome.watched.map(({ status }) => status)).toEqual(["ORDER_STATUS_PLACED", "ORDER_STATUS_SHIPPED"]);
  });

  it("takes money, and keeps the stock", () => {
    expect(told(outcome.charged)).toEqual([200, { paymentId: expect.stringMatching(/^payment-/) }]);
    expect(told(outcome.refunded)).toEqual([200, {}]);
    expect(told(outcome.replenished)).toEqual([200, { available: 10 }]);
    expect(told(outcome.reserved)).toEqual([200, {}]);
    expect(told(outcome.released)).toEqual([200, {}]);
    expect(outcome.counted.data).toMatchObject({ sku: "teapot", available: 10 });
  });

  it("is told of every declared error by its type", () => {
    const { placedAgain, placedTooDear, cancelledTooLate, shippedAgain, declined, outOfStock, overfilled } = outcome;
    expect(told(placedTooDear)).toMatchObject([
      400,
      { type: "urn:proto:shop.orders.v1.OrderTotalTooLarge", error: { largest: "9223372036854775807" } },
    ]);
    expect([placedAgain, cancelledTooLate, shippedAgain, declined, outOfStock, overfilled].map(told)).toEqual(
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

  it("is told what is wrong with a request, and what is not there", () => {
    const { placedWrongly, listedTooMany, chargedNothing, reservedOfNobody, gotNone, countedNone } = outcome;
    const wrong = [placedWrongly, listedTooMany, chargedNothing, reservedOfNobody];
    expect(wrong.map(({ response }) => response.status)).toEqual([400, 400, 400, 400]);
    expect(told(placedWrongly)[1]).toMatchObject({ violations: [{ in: "body", field: "/customerEmail" }] });
    expect(told(listedTooMany)[1]).toMatchObject({ violations: [{ in: "query" }] });
    expect([gotNone, countedNone].map(({ response }) => response.status)).toEqual([404, 404]);
  });

  it("called every operation of the document with success, and met every declared error", () => {
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

describe("what went over the wire", () => {
  it("was asked as the document says, wherever the server took it, and only there", () => {
    const checked = recorder.exchanges.map((exchange) => ({
      call: `${exchange.method} ${exchange.path}${exchange.search} ${exchange.requestBody}`,
      // What a command declares is no complaint about the form of a request.
      taken: exchange.status !== 400 || listErrorTypes(JSON.parse(exchange.responseBody)).size > 0,
      complaints: validator.complaintsOfRequest(exchange),
    }));
    expect(checked.length).toBeGreaterThan(20);
    expect(checked.filter(({ taken, complaints }) => taken !== (complaints.length === 0))).toEqual([]);
  });

  it("was answered as the document says, problems and streams too", () => {
    expect(new Set(recorder.exchanges.map(({ contentType }) => contentType))).toEqual(
      new Set(["application/json", "application/problem+json", "text/event-stream"]),
    );
    expect(recorder.exchanges.flatMap((exchange) => validator.complaintsOfAnswer(exchange))).toEqual([]);
  });

  it("would be complained of, were it another", () => {
    const { exchanges } = recorder;
    const blamed = exchanges.filter((exchange) => {
      const body = exchange.responseBody;
      const changed =
        exchange.contentType === "text/event-stream"
          ? body.replaceAll('"orderId":"o1"', '"orderId":7')
          : exchange.status < 300
            ? body.replace(/\}$/, `${body === "{}" ? "" : ","}"unheardOf":1}`)
            : body.replace(/"status":\d+/, '"status":"wrong"');
      expect(changed).not.toBe(body);
      return validator.complaintsOfAnswer({ ...exchange, responseBody: changed }).length > 0;
    });
    expect(blamed.length).toBe(exchanges.length);
    const [first] = exchanges;
    expect(validator.complaintsOfAnswer({ ...(first as Exchange), contentType: "text/plain" })).toHaveLength(1);
  });
});

describe("requests that the document refuses", () => {
  it("are refused by the server: bodies with one thing wrong", async () => {
    const taken: string[] = [];
    const operations = new Set<string>();
    let refused = 0;
    for (const exchange of firstSuccesses()) {
      for (const { change, body } of mutate(JSON.parse(exchange.requestBody))) {
        const asked = { ...exchange, requestBody: JSON.stringify(body) };
        if (validator.complaintsOfRequest(asked).length === 0) continue;
        const answer = await send(asked);
        operations.add(exchange.path);
        refused++;
        if (answer.status !== 400) taken.push(`${exchange.method} ${exchange.path} ${change} → ${answer.status}`);
        expect(validator.complaintsOfAnswer(answer)).toEqual([]);
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
      expect([search, validator.complaintsOfRequest(asked).length]).not.toEqual([search, 0]);
      const answer = await send(asked);
      expect([search, answer.status, validator.complaintsOfAnswer(answer)]).toEqual([search, 400, []]);
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

  async function send({ method, path, search, requestHeaders, requestBody }: AskedRequest): Promise<Exchange> {
    const one = new Recorder();
    const init = requestBody === "" ? {} : { body: requestBody };
    await one.fetch(new Request(`${shop.url}${path}${search}`, { method, headers: requestHeaders, ...init }));
    return one.exchanges[0] as Exchange;
  }
});

/** What the compiler complains of. */
function compile(tsc: string, project: string): string {
  try {
    return execFileSync(process.execPath, [tsc, "-p", project], { encoding: "utf8" });
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}
