import { httpBinding } from "@potter/runtime/codegen/v1";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parsePathTemplate } from "./path-template.js";

describe("parsePathTemplate", () => {
  it("reads literals", () => {
    expect(parsePathTemplate("/v1/orders")).toEqual({ segments: ["v1", "orders"], verb: undefined });
  });

  it("reads the root", () => {
    expect(parsePathTemplate("/")).toEqual({ segments: [], verb: undefined });
  });

  it("binds a field to one segment", () => {
    expect(parsePathTemplate("/v1/orders/{order_id}")).toEqual({
      segments: ["v1", "orders", { field: "order_id", segments: ["*"] }],
      verb: undefined,
    });
  });

  it("binds nested fields to several segments, and reads a verb", () => {
    expect(parsePathTemplate("/v1/{book.name=shelves/*/books/**}:move")).toEqual({
      segments: ["v1", { field: "book.name", segments: ["shelves", "*", "books", "**"] }],
      verb: "move",
    });
  });

  it("reads wildcards outside of variables", () => {
    expect(parsePathTemplate("/v1/*/x/**:go")).toEqual({ segments: ["v1", "*", "x", "**"], verb: "go" });
  });

  it("reads percent-encoded literals and dots", () => {
    expect(parsePathTemplate("/a%20b/.well-known/x.json")).toEqual({
      segments: ["a%20b", ".well-known", "x.json"],
      verb: undefined,
    });
  });

  it.each([
    ["", 'expected "/", found the end of the path', 0],
    ["v1", 'expected "/", found "v"', 0],
    ["//v1", 'expected a segment, found "/"', 1],
    ["/v1/", "expected a segment, found the end of the path", 4],
    ["/v1//x", 'expected a segment, found "/"', 4],
    ["/v1/{", "expected a field name, found the end of the path", 5],
    ["/v1/{}", 'expected a field name, found "}"', 5],
    ["/v1/{1a}", 'expected a field name, found "1"', 5],
    ["/v1/{a", 'expected "}", found the end of the path', 6],
    ["/v1/{a.}", 'expected "}", found "."', 6],
    ["/v1/{a=}", 'expected a segment, found "}"', 7],
    ["/v1/{a={b}}", "variables do not nest", 7],
    ["/v1/{a}/{a}", '"a" is bound twice', 9],
    ["/v1/**/x/**", '"**" may occur only once', 9],
    ["/v1/{a=**}/{b=**}", '"**" may occur only once', 14],
    ["/v1/{a}x", 'expected "/", ":" or the end of the path, found "x"', 7],
    ["/v1/*x", 'expected "/", ":" or the end of the path, found "x"', 5],
    ["/v1:", "expected a verb, found the end of the path", 4],
    ["/v1:a/b", 'expected the end of the path, found "/"', 5],
    ["/v1?a=b", 'expected "/", ":" or the end of the path, found "?"', 3],
    ["/a b", 'expected "/", ":" or the end of the path, found " "', 2],
    ["/a%zz", 'expected "/", ":" or the end of the path, found "%"', 2],
  ])("reports the offset of the error in %j", (text, reason, offset) => {
    expect(parsePathTemplate(text)).toEqual({ reason, offset });
  });

  it("handles any text, with offsets within it, and round-trips accepted templates", () => {
    const letters = fc.constantFrom("/", "*", "**", "{", "}", "=", ":", "a", "b.c", "v1", ".", "%41", "?", "é");
    fc.assert(
      fc.property(fc.array(letters, { maxLength: 14 }), (parts) => {
        const text = `/${parts.join("")}`;
        const parsed = parsePathTemplate(text);
        if ("reason" in parsed) {
          expect(parsed.offset).toBeGreaterThanOrEqual(0);
          expect(parsed.offset).toBeLessThanOrEqual(text.length);
        } else {
          expect(print(parsed)).toBe(text.replaceAll(/\{([\w.]+)=\*\}/g, "{$1}"));
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("reads accepted templates as the runtime does", () => {
    const plain = fc.constantFrom("*", "v1", "a=b", "%7B", "x@y", "books", "**");
    const plains = fc.array(plain, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/"));
    const field = fc.constantFrom("a", "b.c_d", "order_id");
    const variable = fc.oneof(
      field.map((name) => `{${name}}`),
      fc.tuple(field, plains).map(([name, pattern]) => `{${name}=${pattern}}`),
    );
    const segments = fc.array(fc.oneof(plain, variable), { maxLength: 4 });
    const verb = fc.constantFrom("", ":cancel", ":a=b");
    let accepted = 0;
    fc.assert(
      fc.property(segments, verb, (parts, end) => {
        const path = `/${parts.join("/")}${end}`;
        const parsed = parsePathTemplate(path);
        if ("reason" in parsed) return;
        accepted++;
        expect(httpBinding("GET", path)).toEqual({ method: "GET", path, ...parsed });
      }),
      { numRuns: 2000 },
    );
    expect(accepted).toBeGreaterThan(500);
  });
});

function print(template: Extract<ReturnType<typeof parsePathTemplate>, { segments: unknown }>): string {
  const segments = template.segments.map((segment) => {
    if (typeof segment === "string") {
      return segment;
    }
    const pattern = segment.segments.join("/");
    return pattern === "*" ? `{${segment.field}}` : `{${segment.field}=${pattern}}`;
  });
  return `/${segments.join("/")}${template.verb === undefined ? "" : `:${template.verb}`}`;
}
