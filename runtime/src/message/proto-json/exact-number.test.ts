import { type DescMessage, fromJson, type JsonValue } from "@bufbuild/protobuf";
import { DoubleValueSchema, Int64ValueSchema, UInt64ValueSchema, ValueSchema } from "@bufbuild/protobuf/wkt";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { es } from "../es.js";
import { OrderSchema } from "../fixture.test.proto.js";
import { ExactNumber, parseExactJson } from "./exact-number.js";

const order = es(OrderSchema);
const read = (schema: DescMessage, text: string) =>
  es(schema).fromJson(parseExactJson(text)) as unknown as { value: unknown };

describe("parseExactJson", () => {
  it.each([
    ["9007199254740993", 9007199254740993n],
    ["-9007199254740993", -9007199254740993n],
    ["9223372036854775807", 2n ** 63n - 1n],
    ["9223372036854774784", 9223372036854774784n],
    ["9007199254740993.0", 9007199254740993n],
    ["9007199254740993e0", 9007199254740993n],
    ["900719925474099.3e1", 9007199254740993n],
    ["90071992547409930e-1", 9007199254740993n],
    ["123456789012345e4", 1234567890123450000n],
    ["1e18", 10n ** 18n],
  ])("reads %s exactly", (text, value) => {
    expect(read(Int64ValueSchema, text).value).toBe(value);
    expect(order.fromJson(parseExactJson(`{"total":${text}}`))).toMatchObject({ total: value });
    expect(order.fromJson(parseExactJson(`{ "orderId" : "\\"1", "total" : ${text} , "tags":["a"]}`))).toMatchObject({
      total: value,
      tags: ["a"],
    });
  });

  it.each(["9223372036854775808", "9007199254740992.5", "-9223372036854775809", "1e400", "9007199254740993e-1"])(
    "refuses %s for an integer",
    (text) => {
      expect(() => read(Int64ValueSchema, text)).toThrow(expect.objectContaining({ code: "invalid_argument" }));
      expect(() => order.fromJson(parseExactJson(`{"total":${text}}`))).toThrow(
        expect.objectContaining({ violations: [expect.objectContaining({ field: "total" })] }),
      );
    },
  );

  it("reads every 64-bit integer in every notation", () => {
    const long = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    fc.assert(
      fc.property(long, fc.nat({ max: 18 }), (value, shift) => {
        expect(read(Int64ValueSchema, String(value)).value).toBe(value);
        expect(read(Int64ValueSchema, `${value}${value === 0n ? "" : "0".repeat(shift)}e-${shift}`).value).toBe(value);
      }),
      { numRuns: 2000 },
    );
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (value) => {
        expect(read(UInt64ValueSchema, String(value)).value).toBe(value);
      }),
      { numRuns: 2000 },
    );
  });

  it("leaves doubles, values without a schema and texts as they are", () => {
    expect(read(DoubleValueSchema, "9007199254740993").value).toBe(9007199254740992);
    expect(order.fromJson(parseExactJson('{"orderId":"9007199254740993"}'))).toMatchObject({
      orderId: "9007199254740993",
    });
    const text = '{"a":[9007199254740993,{"__proto__":9007199254740993}],"b":"9007199254740993"}';
    expect(es(ValueSchema).fromJson(parseExactJson(text))).toEqual(
      fromJson(ValueSchema, JSON.parse(text) as JsonValue),
    );
  });

  it("refuses a number of many digits in a field that is not a number, and reports the field", () => {
    const faults = (text: string): unknown => {
      try {
        order.fromJson(parseExactJson(text));
        return "nothing";
      } catch (error) {
        return (error as { violations: { field: string }[] }).violations.map(({ field }) => field);
      }
    };
    for (const field of ["orderId", "mainLine", "lines", "tags", "counts", "placedAt", "gift", "color"]) {
      expect(faults(`{"${field}":9007199254740993}`)).toEqual([expect.stringMatching(/^[a-z]/)]);
    }
    expect(faults('{"tags":[9007199254740993]}')).toEqual(["tags[0]"]);
  });

  it("returns the same as JSON.parse if numbers are doubles", () => {
    const value = es(ValueSchema);
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(value.fromJson(parseExactJson(text))).toEqual(value.fromJson(JSON.parse(text) as JsonValue));
      }),
    );
  });

  it.each([
    "",
    "{",
    "9007199254740993x",
    "09007199254740993",
    "[9007199254740993,]",
    "9007199254740993 1",
    '"9007199254740993',
  ])("refuses %j, which is not JSON", (text) => {
    expect(() => parseExactJson(text)).toThrow(SyntaxError);
  });

  it("treats no string of the caller as a number", () => {
    const json = parseExactJson('["0","00000000-0000-0000-0000-0000000000000",9007199254740993]') as unknown[];
    expect(json.map((one) => one instanceof ExactNumber)).toEqual([false, false, true]);
  });
});
