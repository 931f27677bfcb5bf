// Requests that mean no good: keys of prototypes, nesting, random bytes, encodings that are none, headers of all kinds.
import { toBinary } from "@bufbuild/protobuf";
import { encode } from "@msgpack/msgpack";
import fc from "fast-check";
import { OrderSchema } from "../../message/fixture.test.proto.js";
import { order } from "./rest.fixture.js";

/** A request that means no good. */
export interface Hostile {
  readonly verb: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const word = fc.oneof(
  fc.constantFrom(
    "__proto__",
    "constructor",
    "prototype",
    "toString",
    "orderId",
    "order_id",
    "parent",
    "lines",
    "mask",
    "$typeName",
    "@type",
    "",
  ),
  fc.string({ maxLength: 10 }),
);
const scalar = fc.oneof(
  fc.constantFrom(null, true, 0, -1, 1e308, "NaN", "", 9007199254740991),
  fc.string({ maxLength: 20 }),
  fc.double(),
);
/** JSON as a text, since an object cannot hold a key twice. */
const { json } = fc.letrec<{ json: string }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 5 },
    scalar.map((value) => JSON.stringify(value) ?? "null"),
    fc.array(tie("json"), { maxLength: 4 }).map((items) => `[${items.join(",")}]`),
    fc
      .array(fc.tuple(word, tie("json")), { maxLength: 5 })
      .map((entries) => `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(",")}}`),
  ),
}));
const nesting = fc
  .tuple(fc.constantFrom("[", '{"parent":', '{"lines":['), fc.integer({ min: 50, max: 1500 }))
  .map(([open, depth]) => open.repeat(depth));
const object = fc.dictionary(word, fc.jsonValue({ maxDepth: 3 }), { maxKeys: 5, noNullPrototype: true });
const body = fc.oneof(
  json.map(text),
  fc.tuple(json, fc.nat(), fc.string({ maxLength: 3 })).map(([value, at, noise]) => {
    const offset = at % (value.length + 1);
    return text(value.slice(0, offset) + noise + value.slice(offset + noise.length));
  }),
  nesting.map(text),
  fc.uint8Array({ maxLength: 200 }),
  object.map((value) => encode(value)),
  fc.constant(toBinary(OrderSchema, order.create({ orderId: "1", lines: [{ sku: "a" }] }) as never)),
  fc.constant(new Uint8Array(0)),
  fc.constant(text(`{"note":"${"x".repeat(21_000)}"}`)),
);
const printable = fc.string({
  unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
  maxLength: 30,
});
const mediaType = fc.constantFrom(
  "application/json",
  "application/json; charset=utf-16",
  "application/x-protobuf",
  "application/msgpack",
  "text/html",
  "*/*",
  "application/*;q=0.3, */*;q=x",
);
const headers = fc.record(
  {
    "content-type": fc.oneof({ weight: 4, arbitrary: mediaType }, { weight: 1, arbitrary: printable }),
    accept: fc.oneof(mediaType, printable),
    "if-match": fc.oneof(fc.constantFrom('"1"', "*", 'W/"1"', '"1", "2"', '"', ","), printable),
    "if-none-match": fc.oneof(fc.constantFrom("*", '"1"', 'W/"x"'), printable),
    "idempotency-key": printable,
    "request-timeout": fc.oneof(fc.constantFrom("5", "0", "1e9", "-1"), printable),
    "x-correlation-id": printable,
    traceparent: printable,
    "last-event-id": printable,
    origin: fc.oneof(fc.constantFrom("https://shop.example.com", "null"), printable),
    "access-control-request-method": printable,
  },
  { requiredKeys: [] },
);
const piece = fc.oneof(
  fc.constantFrom("%", "%zz", "%ff", "%00", "%2F", "..", "a", "orders", ":x", "é", "__proto__", "[", "]"),
  fc.webSegment({ size: "small" }),
);
const query = fc.oneof(
  fc.webQueryParameters(),
  fc
    .array(
      fc.tuple(
        fc.constantFrom(
          "note",
          "counts[a]",
          "counts[__proto__]",
          "__proto__",
          "tags",
          "parent.parent.note",
          "mask",
          "total",
          "%ff",
          "a[",
          "]",
        ),
        piece,
      ),
      { maxLength: 4 },
    )
    .map((pairs) => pairs.map(([name, value]) => `${name}=${value}`).join("&")),
);
const path = fc
  .tuple(
    fc.constantFrom("/orders", "/orders/", "/files/", "/"),
    fc.array(piece, { maxLength: 4 }),
    fc.option(query, { nil: "" }),
  )
  .map(
    ([start, pieces, search]) =>
      encodeURI(start + pieces.join("/")).replaceAll("%25", "%") +
      (search === "" ? "" : `?${encodeURI(search).replaceAll("%25", "%")}`),
  );
/** Wild all over: most of it ends at its path or its headers. */
const wild: fc.Arbitrary<Hostile> = fc.record({
  verb: fc.constantFrom("POST", "POST", "POST", "PATCH", "GET", "HEAD", "OPTIONS", "DELETE"),
  path: fc.oneof(fc.constantFrom("/orders", "/orders/1"), path),
  headers,
  body,
});
/** Right but for the body, so that it is read. */
const wildBody: fc.Arbitrary<Hostile> = fc
  .tuple(
    fc.constantFrom("POST /orders", "PATCH /orders/1", "PATCH /orders/1?mask=note"),
    fc.constantFrom("application/json", "application/x-protobuf", "application/msgpack"),
    fc.constantFrom("*/*", "application/json", "application/protobuf", "application/msgpack"),
    fc.option(fc.constantFrom('"1"', 'W/"1"', "*"), { freq: 5 }),
    body,
  )
  .map(([line, type, accept, match, sent]) => {
    const [verb = "", target = ""] = line.split(" ");
    const more = match === null ? {} : { "if-match": match };
    return { verb, path: target, headers: { "content-type": type, accept, ...more }, body: sent };
  });
/** Right but for the query. */
const wildQuery: fc.Arbitrary<Hostile> = query.map((search) => ({
  verb: "GET",
  path: `/orders/1?${encodeURI(search).replaceAll("%25", "%")}`,
  headers: {},
  body: new Uint8Array(0),
}));
export const hostile: fc.Arbitrary<Hostile> = fc.oneof(wild, { weight: 2, arbitrary: wildBody }, wildQuery);
