import { fromJson, type JsonValue } from "@bufbuild/protobuf";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isPotterError, type PotterError } from "../errors/index.js";
import { es } from "./es.js";
import { OrderSchema } from "./fixture.test.proto.js";

const order = es(OrderSchema);

function refusal(json: JsonValue): PotterError {
  try {
    order.fromJson(json);
  } catch (error) {
    if (isPotterError(error)) return error;
    throw error;
  }
  throw new Error("was accepted");
}

const faults = (json: JsonValue) => refusal(json).violations.map(({ field, rule }) => `${field} ${rule}`);

describe("readJson", () => {
  it.each<[string, JsonValue, string[]]>([
    ["an unknown field", { orderId: "1", nope: 1 }, ["nope json.unknown_field"]],
    ["an unknown field in a list", { lines: [{}, { skuu: "a" }] }, ["lines[1].skuu json.unknown_field"]],
    ["a name that is no identifier", { "a b": 1 }, ['["a b"] json.unknown_field']],
    ["a wrong type", { orderId: 5 }, ["order_id json.type"]],
    ["a wrong type, nested", { mainLine: { quantity: "x" } }, ["main_line.quantity json.type"]],
    ["a wrong type by proto name", { main_line: { unit_price: 1.5 } }, ["main_line.unit_price json.type"]],
    ["an unknown enum value", { color: "COLOR_GREEN" }, ["color json.type"]],
    ["an unknown enum value in a list", { colors: ["COLOR_RED", "x"] }, ["colors[1] json.type"]],
    ["an overflow", { mainLine: { quantity: 4294967296 } }, ["main_line.quantity json.type"]],
    ["an overflow of 64 bits", { total: "9223372036854775808" }, ["total json.type"]],
    ["two members of a oneof", { card: "a", iban: "b" }, ["iban json.oneof"]],
    ["both names of a field", { orderId: "a", order_id: "b" }, ["order_id json.duplicate_field"]],
    ["null in a list", { tags: ["a", null] }, ["tags[1] json.null"]],
    ["no array", { tags: "a" }, ["tags json.type"]],
    ["no object", { counts: [1] }, ["counts json.type"]],
    ["a map value", { counts: { a: 1, "b.c": "x" } }, ['counts["b.c"] json.type']],
    ["a map key", { byFlag: { maybe: {} } }, ['by_flag["maybe"] json.key']],
    ["within a map value", { byFlag: { true: { sku: false } } }, ['by_flag["true"].sku json.type']],
    ["no base64", { blob: "%%" }, ["blob json.type"]],
    ["no time", { placedAt: "yesterday" }, ["placed_at json.type"]],
    ["no duration", { wait: 5 }, ["wait json.type"]],
    ["a wrapper", { limit: "x" }, ["limit json.type"]],
    ["no object at all", "text", [" json.type"]],
    ["a prototype key", JSON.parse('{"__proto__": {"orderId": "x"}}'), ["__proto__ json.unknown_field"]],
    ["an Any of an unknown type", { detail: { "@type": "type.googleapis.com/x.Y" } }, ["detail json.type"]],
    [
      "several faults",
      { orderId: 1, gift: "no", lines: [{ sku: 1 }] },
      ["order_id json.type", "gift json.type", "lines[0].sku json.type"],
    ],
  ])("names the field for %s", (_, json, expected) => {
    expect(faults(json)).toEqual(expected);
  });

  it("lists the values that an enum has", () => {
    expect(refusal({ color: "GREEN" }).violations.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^must be one of COLOR_UNSPECIFIED, COLOR_RED/),
    ]);
  });

  it("reads and writes an Any of a type that the file declares or imports", () => {
    const json = { detail: { "@type": "type.googleapis.com/test.v1.Line", sku: "a" } };
    expect(order.toJson(order.fromJson(json))).toEqual(json);
    expect(faults({ detail: { ...json.detail, sku: 1 } })).toEqual(["detail json.type"]);
  });

  it("reports what is expected without the sent values", () => {
    const error = refusal({ total: "99999999999999999999", orderId: 12345 });
    expect(error.code).toBe("invalid_argument");
    expect(error.violations.map(({ message }) => message)).toEqual([
      "must be a whole number from -9223372036854775808 to 9223372036854775807, best as a string",
      "must be a string of valid Unicode",
    ]);
    expect(`${error.message}${JSON.stringify(error.violations)}`).not.toMatch(/99999|12345/);
  });

  it("stops at twenty violations", () => {
    expect(refusal({ tags: Array.from({ length: 1000 }, () => 1) }).violations).toHaveLength(20);
  });

  it("refuses JSON that is nested too deeply, without a stack overflow", () => {
    let json: JsonValue = {};
    for (let i = 0; i < 5000; i++) json = { parent: json };
    expect(faults(json)).toEqual([" json.depth"]);
  });

  it("accepts and refuses exactly what protobuf-es does, and always reports the location", () => {
    const leaf = fc.oneof(
      fc.constantFrom<JsonValue>(
        null,
        true,
        0,
        1.5,
        -1,
        2 ** 40,
        "",
        "1",
        "COLOR_RED",
        "1s",
        "NaN",
        "2024-01-01T00:00:00Z",
      ),
    );
    const name = fc.constantFrom(
      ...OrderSchema.fields.flatMap((field) => [field.jsonName, field.name]),
      "sku",
      "true",
      "nope",
    );
    const { json } = fc.letrec<{ json: JsonValue }>((tie) => ({
      json: fc.oneof(
        { depthSize: "small" },
        leaf,
        fc.array(tie("json"), { maxLength: 3 }),
        fc.dictionary(name, tie("json"), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(name, json, { maxKeys: 5 }), (object) => {
        let accepted = true;
        try {
          fromJson(OrderSchema, object);
        } catch {
          accepted = false;
        }
        if (accepted) expect(order.fromJson(object)).toEqual(fromJson(OrderSchema, object));
        else expect(refusal(object).violations.filter(({ rule }) => rule !== "json.invalid")).not.toHaveLength(0);
      }),
      { numRuns: 1000 },
    );
  });
});
