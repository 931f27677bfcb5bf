import { describe, expect, it } from "vitest";
import { readSource } from "../descriptors/index.js";
import { compileProto } from "../testing/index.js";
import { Names, toIdentifier, toProperty, toSnakeCase } from "./names.js";

describe("Names", () => {
  it("assigns each name once", () => {
    const names = new Names();
    expect(["a", "b", "a", "a", "a$"].map((name) => names.take(name))).toEqual(["a", "b", "a$", "a$$", "a$$$"]);
  });

  it("keeps companions unique, in both directions", () => {
    const names = new Names();
    const withTypes = (name: string): string => names.take(name, (taken) => [`${taken}Types`]);
    expect(["Order", "OrderTypes", "ParcelTypes", "Parcel"].map(withTypes)).toEqual([
      "Order",
      "OrderTypes$",
      "ParcelTypes",
      "Parcel$",
    ]);
  });
});

describe("toIdentifier", () => {
  it.each([
    ["shop.v1", "Outer.Inner", "Outer_Inner"],
    ["shop.v1", "delete", "delete$"],
    ["shop.v1", "constructor", "constructor"],
    ["shop.v1", "string", "string$"],
    ["", "Order", "Order"],
    ["", "Outer.Inner", "Outer_Inner"],
  ])("in package %j names %s %s", (pkg, name, identifier) => {
    const nested = name.split(".").reduceRight((body, part) => `message ${part} { ${body} }`, "");
    const text = `syntax = "proto3";\n${pkg === "" ? "" : `package ${pkg};\n`}${nested}`;
    const { registry } = readSource(compileProto({ "a.proto": text }));
    const message = registry.getMessage(pkg === "" ? name : `${pkg}.${name}`);
    expect(message && toIdentifier(message)).toBe(identifier);
  });
});

describe("toProperty", () => {
  it.each([
    ["OrderPlaced", "orderPlaced"],
    ["order", "order"],
    ["HTTPServer", "hTTPServer"],
    ["Delete", "delete"],
    ["Constructor", "constructor$"],
    ["__proto__", "__proto__$"],
    ["ToString", "toString$"],
    ["Order_Placed", "order_Placed"],
  ])("converts %s to %s", (name, property) => {
    expect(toProperty(name)).toBe(property);
  });
});

describe("toSnakeCase", () => {
  it.each([
    ["Order", "order"],
    ["OrderLine", "order_line"],
    ["HTTPServer", "http_server"],
    ["OrderV2Line", "order_v2_line"],
    ["order_line", "order_line"],
    ["A", "a"],
    ["ABTest", "ab_test"],
  ])("converts %s to %s", (name, snake) => {
    expect(toSnakeCase(name)).toBe(snake);
  });
});
