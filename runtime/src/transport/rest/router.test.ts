import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PathSegment } from "../../cqrs/index.js";
import { Router } from "./router.js";

const id: PathSegment = { field: "id", segments: ["*"] };
const rest: PathSegment = { field: "rest", segments: ["**"] };
const name: PathSegment = { field: "name", segments: ["shelves", "*", "books", "*"] };

function router(...entries: [method: string, segments: PathSegment[], verb?: string][]): Router<string> {
  const made = new Router<string>();
  for (const [method, segments, verb] of entries) {
    const shown = segments.map((one) => (typeof one === "string" ? one : `{${one.field}}`)).join("/");
    made.add({ method, segments, verb, target: `${method} ${shown}${verb ? `:${verb}` : ""}` });
  }
  return made;
}

function find(made: Router<string>, method: string, path: string): string | undefined {
  const match = made.find(method, path);
  if (match === undefined) return undefined;
  return match.kind === "found" ? [match.target, ...match.values].join(" | ") : match.allow.join(",");
}

describe("Router", () => {
  const made = router(
    ["GET", ["v1", "orders"]],
    ["POST", ["v1", "orders"]],
    ["POST", ["v1", "orders"], "batch"],
    ["GET", ["v1", "orders", id]],
    ["POST", ["v1", "orders", id], "cancel"],
    ["POST", ["v1", "orders", "special"]],
    ["GET", ["v1", name]],
    ["GET", ["files", rest]],
    ["POST", ["files", rest], "move"],
    ["GET", ["deep", rest, "end"]],
    ["GET", []],
  );

  it.each([
    ["GET", "/v1/orders", "GET v1/orders"],
    ["POST", "/v1/orders:batch", "POST v1/orders:batch"],
    ["GET", "/v1/orders/5", "GET v1/orders/{id} | 5"],
    ["GET", "/v1/orders/a%2Fb", "GET v1/orders/{id} | a%2Fb"],
    ["POST", "/v1/orders/5:cancel", "POST v1/orders/{id}:cancel | 5"],
    ["GET", "/v1/orders/a:b", "GET v1/orders/{id} | a:b"],
    ["GET", "/v1/orders/a:cancel", "GET v1/orders/{id} | a:cancel"],
    ["POST", "/v1/orders/special", "POST v1/orders/special"],
    ["GET", "/v1/orders/special", "GET v1/orders/{id} | special"],
    ["GET", "/v1/%6Frders", "GET v1/orders"],
    ["GET", "/v1/shelves/1/books/2", "GET v1/{name} | shelves/1/books/2"],
    ["GET", "/files", "GET files/{rest} | "],
    ["GET", "/files/a/b/c", "GET files/{rest} | a/b/c"],
    ["POST", "/files/a/b:move", "POST files/{rest}:move | a/b"],
    ["GET", "/deep/a/end/b/end", "GET deep/{rest}/end | a/end/b"],
    ["GET", "/", "GET "],
  ])("%s %s", (method, path, expected) => {
    expect(find(made, method, path)).toBe(expected);
  });

  it.each([
    "/v1",
    "/v1/",
    "/v1/orders/",
    "/v1/orders/1/2",
    "/v1/shelves/1/books",
    "/v2/orders",
    "//v1/orders",
    "/deep/a",
  ])("knows nothing at %s", (path) => {
    expect(find(made, "GET", path)).toBeUndefined();
  });

  it("tells the methods of a path that is known under others", () => {
    expect(find(made, "DELETE", "/v1/orders")).toBe("GET,POST");
    expect(find(made, "DELETE", "/v1/orders/special")).toBe("GET,POST");
    expect(find(made, "GET", "/v1/orders:batch")).toBe("POST");
  });

  it("gives back what is already there under the same method and shape", () => {
    const other: PathSegment = { field: "other", segments: ["*"] };
    expect(made.add({ method: "GET", segments: ["v1", "orders", other], target: "x" })).toBe("GET v1/orders/{id}");
    expect(made.add({ method: "PUT", segments: ["v1", "orders", other], target: "x" })).toBeUndefined();
  });

  it("finds every path that is made from a template", () => {
    const literal = fc.constantFrom("a", "b", "c");
    const segment = fc.oneof(literal, fc.constant<PathSegment>({ field: "x", segments: ["*"] }));
    fc.assert(
      fc.property(
        fc.array(fc.array(segment, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 8 }),
        literal,
        (templates, value) => {
          const all = new Router<string>();
          for (const segments of templates) all.add({ method: "GET", segments, target: JSON.stringify(segments) });
          for (const segments of templates) {
            const path = `/${segments.map((one) => (typeof one === "string" ? one : value)).join("/")}`;
            const match = all.find("GET", path);
            expect(match?.kind).toBe("found");
            if (match?.kind !== "found") return;
            const found = JSON.parse(match.target) as PathSegment[];
            const values = [...match.values];
            expect(`/${found.map((one) => (typeof one === "string" ? one : values.shift())).join("/")}`).toBe(path);
          }
        },
      ),
    );
  });
});
