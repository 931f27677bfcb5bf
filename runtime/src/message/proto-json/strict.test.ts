import type { JsonValue } from "@bufbuild/protobuf";
import {
  DoubleValueSchema,
  DurationSchema,
  Int32ValueSchema,
  Int64ValueSchema,
  TimestampSchema,
  UInt64ValueSchema,
} from "@bufbuild/protobuf/wkt";
import { describe, expect, it } from "vitest";
import { es } from "../es.js";
import { OrderSchema } from "../fixture.test.proto.js";

const order = es(OrderSchema);

describe("ProtoJSON", () => {
  it.each<[string, JsonValue]>([
    ["a day that the month does not have", { placedAt: "2023-02-30T00:00:00Z" }],
    ["29 February of a common year", { placedAt: "2100-02-29T00:00:00Z" }],
    ["hour 24", { placedAt: "2023-02-03T24:00:00Z" }],
    ["second 60", { placedAt: "2023-02-03T23:59:60Z" }],
    ["an offset of 24 hours", { placedAt: "2023-02-03T00:00:00+24:00" }],
    ["a time in lower case", { placedAt: "2023-02-03t00:00:00z" }],
    ["a duration with a tail", { wait: "1s and more" }],
    ["a duration without digits before the point", { wait: ".5s" }],
    ["a duration with a plus sign", { wait: "+1s" }],
    ["hexadecimal in 64 bits", { total: "0x10" }],
    ["binary in 64 bits", { total: "0b11" }],
    ["octal in 64 bits", { total: "0o7" }],
    ["a leading blank in 64 bits", { total: " 1" }],
    ["a trailing blank in 64 bits", { total: "1\n" }],
    ["a plus sign in 64 bits", { total: "+1" }],
    ["an empty text in 64 bits", { total: "" }],
    ["leading zeros in 64 bits", { total: "007" }],
    ["hexadecimal in 32 bits", { mainLine: { quantity: "0x10" } }],
    ["a plus sign in 32 bits", { mainLine: { quantity: "+1" } }],
    ["hexadecimal in a map value", { counts: { a: "0x10" } }],
    ["hexadecimal in a list", { lines: [{ quantity: "0x1" }] }],
    ["hexadecimal in a wrapper", { limit: "0x10" }],
    ["hexadecimal in an Any", { detail: { "@type": "type.googleapis.com/test.v1.Line", quantity: "0x10" } }],
    ["very many digits in 64 bits", { total: "1".repeat(1_001) }],
    ["very many digits in a key of a map", { byFlag: { ["1".repeat(1_001)]: {} } }],
    ["a blank in base64", { blob: "YQ ==" }],
    ["a line break in base64", { blob: "YWFh\nYWFh" }],
  ])("refuses %s", (_, json) => {
    expect(() => order.fromJson(json)).toThrow(expect.objectContaining({ code: "invalid_argument" }));
  });

  it("names the field and reports what is expected", () => {
    expect(() => order.fromJson({ lines: [{}, { quantity: "0x10" }] })).toThrow(
      expect.objectContaining({
        violations: [
          {
            field: "lines[1].quantity",
            rule: "json.type",
            message: expect.stringMatching(/^must be a whole number from /),
          },
        ],
      }),
    );
  });

  it.each<[string, ReturnType<typeof es>, JsonValue, unknown]>([
    ["an exponent in 32 bits", es(Int32ValueSchema), "1e2", 100],
    ["a fraction of zeros in 32 bits", es(Int32ValueSchema), "10.0", 10],
    ["a double with an exponent", es(DoubleValueSchema), "1.5E+3", 1500],
    ["infinity", es(DoubleValueSchema), "-Infinity", Number.NEGATIVE_INFINITY],
    ["the lowest integer", es(Int64ValueSchema), "-9223372036854775808", -(2n ** 63n)],
    ["the highest integer", es(UInt64ValueSchema), "18446744073709551615", 2n ** 64n - 1n],
  ])("accepts %s", (_, codec, json, value) => {
    expect(codec.fromJson(json)).toMatchObject({ value });
  });

  it.each([
    ["2024-02-29T23:59:59.999999999Z", "2024-02-29T23:59:59.999999999Z"],
    ["2000-02-29T00:00:00+05:30", "2000-02-28T18:30:00Z"],
    ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"],
  ])("reads the time %s", (text, written) => {
    const codec = es(TimestampSchema);
    expect(codec.toJson(codec.fromJson(text))).toBe(written);
  });

  it.each(["-0.5s", "1s", "315576000000s", "0.000000001s"])("reads the duration %s", (text) => {
    const codec = es(DurationSchema);
    expect(codec.toJson(codec.fromJson(text))).toMatch(/s$/);
    expect(codec.fromJson(codec.toJson(codec.fromJson(text)))).toEqual(codec.fromJson(text));
  });
});
