import { create, fromBinary, type Message, toBinary } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import type { AnyMethod } from "../../../cqrs/index.js";
import { compile, OrderSchema } from "../../../message/fixture.test.proto.js";
import { es, tsProto } from "../../../message/index.js";
import { app, order, type Setup, variable } from "../rest.fixture.js";

// An Order whose `parent` is the updated resource, with the mask in `mask`.
const updateMask = { mask: "mask", resource: "parent" };
const patch = { method: "PATCH", segments: ["orders", variable("parent.order_id", "*")], body: "parent" };

function sender(http: Partial<Setup["http"]> = {}, method: Partial<AnyMethod> = {}) {
  const seen: { mask?: { paths: string[] } }[] = [];
  const invoke = async (request: unknown) => {
    seen.push(request as never);
    return { response: request };
  };
  const { send, handle } = app([{ http: { ...patch, ...http }, method: { updateMask, ...method }, invoke }]);
  return {
    handle,
    seen,
    /** The paths of the mask that the handler received; undefined: there was none. */
    paths: async (json: unknown, path = "/orders/1") => {
      const { status, text } = await send(http.method ?? "PATCH", path, { json });
      expect([status, status === 200 ? "" : text]).toEqual([200, ""]);
      return seen.at(-1)?.mask?.paths;
    },
  };
}

describe("the mask of a PATCH without one", () => {
  it.each<[string, object, string[]]>([
    ["fields, by their proto names", { pageSize: 5, gift: false }, ["page_size", "gift"]],
    ["fields by either name", { page_size: 5, mainLine: { unit_price: 3 } }, ["page_size", "main_line.unit_price"]],
    [
      "what is in messages",
      { mainLine: { sku: "a" }, parent: { mainLine: { sku: "b" } } },
      ["main_line.sku", "parent.main_line.sku"],
    ],
    ["lists and maps as a whole", { lines: [{ sku: "a" }], tags: [], counts: { a: 1 } }, ["lines", "tags", "counts"]],
    [
      "well-known types as a whole",
      { placedAt: "2024-01-01T00:00:00Z", wait: "1s", limit: 5 },
      ["placed_at", "wait", "limit"],
    ],
    ["what is cleared", { note: null, mainLine: null, barter: {} }, ["note", "main_line", "barter"]],
    ["no fields of the path", { orderId: "1", note: "n" }, ["note"]],
    ["nothing, for an empty body", {}, []],
  ])("names %s", async (_, body, paths) => {
    expect(await sender().paths(body)).toEqual(paths);
  });

  it("names fields of a resource within the body", async () => {
    const { paths } = sender({ body: "*", segments: ["orders"] });
    expect(await paths({ parent: { note: "n" }, color: 1 }, "/orders")).toEqual(["note"]);
    expect(await paths({ color: 1 }, "/orders")).toEqual([]);
  });

  it("omits fields of the path within a message, and the message if it has no others", async () => {
    const { paths } = sender({ segments: ["orders", variable("parent.main_line.sku", "*")] });
    expect(await paths({ mainLine: { sku: "1" } })).toEqual([]);
    expect(await paths({ mainLine: { sku: "1", quantity: 2 } })).toEqual(["main_line.quantity"]);
  });

  it("names fields whose JSON names cannot be converted back", async () => {
    const message = compile([
      { name: "Odd", fields: ["string field_1", "string a__b"] },
      { name: "UpdateOdd", fields: ["Odd odd", "google.protobuf.FieldMask update_mask"] },
    ]);
    const request = es(message("UpdateOdd"));
    const { send } = app([
      {
        http: { method: "PATCH", segments: ["odd"], body: "odd" },
        method: { request, updateMask: { mask: "update_mask", resource: "odd" } },
        invoke: async (given) => ({
          response: order.create({ note: String((given as { updateMask: { paths: string[] } }).updateMask.paths) }),
        }),
      },
    ]);
    const [field = "", other = ""] = message("Odd").fields.map(({ jsonName }) => jsonName);
    const answer = await send("PATCH", "/odd", { json: { [field]: "", [other]: "" } });
    expect(answer.body).toEqual({ note: "field_1,a__b" });
  });

  it("is added to messages of other libraries, and from a binary body", async () => {
    interface Held {
      held: Message;
    }
    const request = tsProto<Held>(
      {
        encode: ({ held }) => ({ finish: () => toBinary(OrderSchema, held) }),
        decode: (bytes) => {
          const held = fromBinary(OrderSchema, bytes);
          // 64-bit integers and oneofs as ts-proto generates them with the required options.
          return {
            held,
            ...{ total: (held as never as { total: bigint }).total, payment: { $case: "card", value: "" } },
          };
        },
        fromPartial: (init) => ({ held: (init as Partial<Held>).held ?? create(OrderSchema) }),
      },
      OrderSchema,
    );
    const { seen, handle } = sender({}, { request: request as never, response: request as never });
    const { seen: plain, handle: handlePlain } = sender();
    const body = toBinary(OrderSchema, create(OrderSchema, { orderId: "1", note: "", mainLine: { sku: "a" } }));
    for (const one of [handle, handlePlain]) {
      const init = {
        method: "PATCH",
        body: body as Uint8Array<ArrayBuffer>,
        headers: { "content-type": "application/protobuf" },
      };
      await one(new Request("http://test/orders/1", init));
    }
    expect(plain[0]?.mask?.paths).toEqual(["main_line.sku", "note"]);
    expect(seen).toMatchObject([{ held: { mask: { paths: ["main_line.sku", "note"] }, parent: { note: "" } } }]);
  });
});

describe("a mask that the client sends", () => {
  it("stays unchanged, in the query or in the body", async () => {
    expect(await sender().paths({ note: "n" }, "/orders/1?mask=color,pageSize")).toEqual(["color", "page_size"]);
    expect(await sender().paths({ note: "n" }, "/orders/1?mask=*")).toEqual(["*"]);
    const whole = sender({ body: "*", segments: ["orders"] });
    expect(await whole.paths({ parent: { note: "n" }, mask: "color" }, "/orders")).toEqual(["color"]);
  });

  it("is none if it is empty", async () => {
    expect(await sender().paths({ note: "n" }, "/orders/1?mask=")).toEqual(["note"]);
  });
});

describe("no mask is derived", () => {
  it("for methods other than PATCH, nor for requests without a mask field", async () => {
    expect(await sender({ method: "PUT" }).paths({ note: "n" })).toBeUndefined();
    expect(await sender({}, { updateMask: undefined } as never).paths({ note: "n" })).toBeUndefined();
  });

  it("of fields that are not messages: the app does not start", () => {
    expect(() => sender({}, { updateMask: { mask: "mask", resource: "note" } })).toThrow(
      'needs "note" to be a message field',
    );
  });
});
