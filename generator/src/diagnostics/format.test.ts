import { describe, expect, it } from "vitest";
import type { Diagnostic } from "./diagnostic.js";
import { formatGithub, formatJson, formatPretty } from "./format.js";

const placed: Diagnostic = {
  code: "two-roles",
  severity: "error",
  message: "Order has more than one role: event, error",
  location: { file: "shop/v1/order.proto", line: 2, column: 3, endLine: 2, endColumn: 8 },
  focus: undefined,
  hint: "keep one of the options",
};
const text = "first\n  Order here\r\nlast";

describe("formatPretty", () => {
  it("shows location, line and hint", () => {
    expect(formatPretty([placed], () => text)).toBe(
      [
        "shop/v1/order.proto:2:3: error two-roles: Order has more than one role: event, error",
        "    Order here",
        "    ^^^^^",
        "  hint: keep one of the options",
      ].join("\n"),
    );
  });

  it("shows only the location if the source is missing or differs", () => {
    const place = "shop/v1/order.proto:2:3: error two-roles: Order has more than one role: event, error";
    expect(formatPretty([{ ...placed, hint: undefined }])).toBe(place);
    expect(formatPretty([{ ...placed, hint: undefined }], () => "one line")).toBe(place);
  });

  it("shows only the file if the request has no source info", () => {
    const { code, severity, message, focus, hint } = placed;
    const formatted = formatPretty(
      [{ code, severity, message, focus, hint, location: { file: "a.proto" } }],
      () => text,
    );
    expect(formatted).toBe(
      "a.proto: error two-roles: Order has more than one role: event, error\n  hint: keep one of the options",
    );
  });

  it("prints diagnostics one below the other, and nothing without any", () => {
    expect(formatPretty([placed, { ...placed, severity: "warning", hint: undefined }])).toBe(
      [
        "shop/v1/order.proto:2:3: error two-roles: Order has more than one role: event, error",
        "  hint: keep one of the options",
        "shop/v1/order.proto:2:3: warning two-roles: Order has more than one role: event, error",
      ].join("\n"),
    );
    expect(formatPretty([])).toBe("");
  });
});

describe("formatJson", () => {
  it("prints one array", () => {
    const { focus: _, ...plain } = placed;
    expect(JSON.parse(formatJson([placed]))).toEqual([plain]);
    expect(formatJson([])).toBe("[]");
  });
});

describe("formatGithub", () => {
  it("prints one command a line", () => {
    expect(
      formatGithub([placed, { ...placed, severity: "warning", hint: undefined, location: { file: "a.proto" } }]),
    ).toBe(
      [
        "::error file=shop/v1/order.proto,line=2,col=3,title=two-roles::Order has more than one role: event, error%0Ahint: keep one of the options",
        "::warning file=a.proto,title=two-roles::Order has more than one role: event, error",
      ].join("\n"),
    );
  });

  it("escapes characters with a meaning in commands", () => {
    const odd = { ...placed, message: "100 %\r\n::x", hint: undefined, location: { file: "a,b:c%.proto" } };
    expect(formatGithub([odd])).toBe("::error file=a%2Cb%3Ac%25.proto,title=two-roles::100 %25%0D%0A::x");
  });
});
