import { create, toJson } from "@bufbuild/protobuf";
import { DurationSchema, FieldMaskSchema, TimestampSchema } from "@bufbuild/protobuf/wkt";
import fc from "fast-check";
import { type GraphQLScalarType, parseValue } from "graphql";
import { describe, expect, it } from "vitest";
import { scalars } from "./scalars.js";

const scalar = (name: string): GraphQLScalarType => scalars[name] as GraphQLScalarType;
const literal = (name: string, text: string): unknown => scalar(name).parseLiteral(parseValue(text));

describe("times", () => {
  it("are serialised as in ProtoJSON, in the form of either message library", () => {
    const seconds = fc.bigInt({ min: -62_135_596_800n, max: 253_402_300_799n });
    const nanos = fc.oneof(
      fc.integer({ min: 0, max: 999_999_999 }),
      fc.constantFrom(0, 1, 1000, 500_000_000, 999_999_000),
    );
    fc.assert(
      fc.property(seconds, nanos, (whole, part) => {
        const message = create(TimestampSchema, { seconds: whole, nanos: part });
        expect(scalar("DateTime").serialize(message)).toBe(toJson(TimestampSchema, message));
        expect(scalar("DateTime").serialize({ seconds: Number(whole), nanos: part })).toBe(
          toJson(TimestampSchema, message),
        );
      }),
    );
    expect(scalar("DateTime").serialize(new Date("2026-01-31T00:00:00.5Z"))).toBe("2026-01-31T00:00:00.500Z");
    expect(scalar("DateTime").serialize(new Date("2026-01-31T00:00:00Z"))).toBe("2026-01-31T00:00:00Z");
  });

  it("outside the range of RFC 3339 are rejected", () => {
    const wrong = [
      { seconds: 253_402_300_800n, nanos: 0 },
      { seconds: 0n, nanos: -1 },
      { seconds: 0n, nanos: 1e9 },
    ];
    for (const value of [...wrong, new Date(Number.NaN)]) {
      expect(() => scalar("DateTime").serialize(value)).toThrow("DateTime cannot be serialised");
    }
    for (const value of ["2026-01-31", "yesterday", 5, null]) {
      expect(() => scalar("DateTime").parseValue(value)).toThrow("DateTime must be an RFC 3339 time");
    }
  });

  it("of durations, and field masks, are strings of ProtoJSON", () => {
    expect(scalar("Duration").serialize(create(DurationSchema, { seconds: -1n, nanos: -5e8 }))).toBe("-1.500s");
    expect(scalar("Duration").serialize("2s")).toBe("2s");
    expect(() => scalar("Duration").parseValue("1 minute")).toThrow("Duration must be seconds");
    expect(scalar("FieldMask").serialize(create(FieldMaskSchema, { paths: ["a.b_c"] }))).toBe("a.bC");
    expect(scalar("FieldMask").serialize(["a.b_c", "d"])).toBe("a.bC,d");
    expect(() => scalar("FieldMask").parseValue("a_b")).toThrow("FieldMask must be paths in lowerCamelCase");
  });
});

describe("integers", () => {
  it.each([
    ["Int64", ["-9223372036854775808", "9223372036854775807"], ["-9223372036854775809", "9223372036854775808"]],
    ["UInt64", ["0", "18446744073709551615"], ["-1", "18446744073709551616"]],
  ])("of %s are exact within their range, and rejected outside", (name, within, beyond) => {
    for (const text of within) {
      expect(scalar(name).parseValue(text)).toBe(text);
      expect(literal(name, text)).toBe(text);
      expect(literal(name, `"${text}"`)).toBe(text);
      expect(scalar(name).serialize(BigInt(text))).toBe(text);
    }
    for (const text of beyond) {
      expect(() => scalar(name).parseValue(text)).toThrow(`${name} must be an integer from`);
      expect(() => literal(name, text)).toThrow(`${name} must be an integer from`);
    }
    for (const value of [2 ** 53, 1.5, "1.5", "", " 1", "0x1", true, null, [], {}]) {
      expect(() => scalar(name).parseValue(value)).toThrow(`${name} must be an integer from`);
    }
    expect(scalar(name).parseValue(12)).toBe("12");
  });

  it("of UInt32 are numbers", () => {
    expect(scalar("UInt32").parseValue(4_294_967_295)).toBe(4_294_967_295);
    expect(literal("UInt32", "4294967295")).toBe(4_294_967_295);
    expect(scalar("UInt32").serialize(7)).toBe(7);
    for (const value of [4_294_967_296, -1, 0.5, "7"]) {
      expect(() => scalar("UInt32").parseValue(value)).toThrow("UInt32 must be an integer from 0 to 4294967295");
    }
  });
});

describe("other values", () => {
  it("of Bytes are base64 in either alphabet", () => {
    expect(scalar("Bytes").serialize(new Uint8Array([0, 255]))).toBe("AP8=");
    for (const text of ["AP8=", "AP8", "_-_-", ""]) expect(scalar("Bytes").parseValue(text)).toBe(text);
    for (const value of ["a", "A P8", "A=B=", "ü", 5]) {
      expect(() => scalar("Bytes").parseValue(value)).toThrow("Bytes must be a base64 string");
    }
  });

  it("of JSON are unchanged, from variables and from literals", () => {
    expect(literal("JSON", '{ a: [1, null, "x", true], b: { c: 1.5 } }')).toEqual({
      a: [1, null, "x", true],
      b: { c: 1.5 },
    });
    expect(literal("JSON", "5")).toBe(5);
    expect(scalar("JSONObject").parseValue({ a: 1 })).toEqual({ a: 1 });
    expect(() => scalar("JSONObject").parseValue([1])).toThrow("JSONObject must be an object");
    expect(() => literal("JSONObject", "5")).toThrow("JSONObject must be an object");
    expect(() => scalar("JSONList").parseValue({})).toThrow("JSONList must be a list");
  });
});
