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

  it("returns the other methods of a known path", () => {
    expect(find(made, "DELETE", "/v1/orders")).toBe("GET,POST");
    expect(find(made, "DELETE", "/v1/orders/special")).toBe("GET,POST");
    expect(find(made, "GET", "/v1/orders:batch")).toBe("POST");
    expect(find(made, "PUT", "/v1/orders/5")).toBe("GET");
    expect(find(made, "PUT", "/v1/orders/5:cancel")).toBe("POST");
  });

  it("returns the existing target of the same method and shape", () => {
    const other: PathSegment = { field: "other", segments: ["*"] };
    expect(made.add({ method: "GET", segments: ["v1", "orders", other], target: "x" })).toBe("GET v1/orders/{id}");
    expect(made.add({ method: "PUT", segments: ["v1", "orders", other], target: "x" })).toBeUndefined();
  });

  it("prefers literals to one segment, and one segment to several, from left to right", () => {
    const several: PathSegment = { field: "all", segments: ["**"] };
    const made = router(
      ["GET", [several]],
      ["GET", ["a", id]],
      ["GET", ["a", rest]],
      ["GET", [id, "b", "c"]],
      ["GET", ["a", rest, "c"]],
    );
    expect(find(made, "GET", "/a/b/c")).toBe("GET a/{rest}/c | b");
    expect(find(made, "GET", "/a/b")).toBe("GET a/{id} | b");
    expect(find(made, "GET", "/a/b/d")).toBe("GET a/{rest} | b/d");
    expect(find(made, "GET", "/x/b/c")).toBe("GET {id}/b/c | x");
    expect(find(made, "GET", "/x/b/d")).toBe("GET {all} | x/b/d");
  });

  it("prefers a target of the method to one of any method", () => {
    const made = router(["*", ["any", id]], ["LINK", ["any", id]]);
    expect(find(made, "LINK", "/any/1")).toBe("LINK any/{id} | 1");
    expect(find(made, "OPTIONS", "/any/1")).toBe("* any/{id} | 1");
  });

  describe("finds every path made from a template, and returns its variables", () => {
    interface Template {
      readonly segments: PathSegment[];
      readonly verb: string | undefined;
    }
    const literal = fc.constantFrom("a", "b", "c");
    const value = fc.constantFrom("a", "b", "x%2Fy", "%C3%A9", "1:2", "5:go", "%25", "-_.~");
    const variable = fc
      .oneof(
        { weight: 4, arbitrary: fc.constant(["*"]) },
        { weight: 2, arbitrary: fc.constant(["**"]) },
        { weight: 2, arbitrary: fc.array(fc.oneof(literal, fc.constant("*")), { minLength: 2, maxLength: 3 }) },
        { weight: 1, arbitrary: fc.constant(["a", "**"]) },
      )
      .map((segments): PathSegment => ({ field: "x", segments }));
    const template: fc.Arbitrary<Template> = fc.record({
      segments: fc.array(fc.oneof(literal, variable), { minLength: 1, maxLength: 4 }),
      verb: fc.constantFrom(undefined, undefined, "go", "stop"),
    });

    /** A template and the values of its variables. */
    const fill = ({ segments, verb }: Template, of: (segments: readonly string[]) => string): string => {
      const parts = segments
        .map((one) => (typeof one === "string" ? one : of(one.segments)))
        .filter((one) => one !== "");
      return `/${parts.join("/")}${verb === undefined ? "" : `:${verb}`}`;
    };

    it("whichever other templates there are", () => {
      fc.assert(
        fc.property(
          fc.array(template, { minLength: 1, maxLength: 8 }),
          fc.infiniteStream(value),
          (templates, values) => {
            const all = new Router<Template>();
            for (const one of templates) all.add({ method: "GET", ...one, target: one });
            const next = () => values.next().value as string;
            const made = (element: string) =>
              element === "*"
                ? [next()]
                : element === "**"
                  ? Array.from({ length: next().length % 3 }, next)
                  : [element];
            for (const one of templates) {
              const path = fill(one, (segments) => segments.flatMap(made).join("/"));
              // A template that may be empty leaves only its verb, which is not a path.
              if (path.startsWith("/:")) continue;
              const match = all.find("GET", path);
              expect(match?.kind).toBe("found");
              if (match?.kind !== "found") return;
              const given = [...match.values];
              expect(fill(match.target, () => given.shift() ?? "")).toBe(path);
              expect(all.find("PUT", path)).toEqual({ kind: "other-methods", allow: ["GET"] });
            }
          },
        ),
        { numRuns: 2000 },
      );
    });

    it("and nothing at paths that match no template", () => {
      fc.assert(
        fc.property(
          fc.array(template, { maxLength: 6 }),
          fc.webPath().map((one) => (one.startsWith("/") ? one : `/${one}`)),
          (templates, path) => {
            const all = new Router<Template>();
            for (const one of templates) all.add({ method: "GET", ...one, target: one });
            const match = all.find("GET", path);
            if (match?.kind !== "found") return;
            const given = [...match.values];
            // Whether `**` matched nothing or one empty segment, its value is empty: only then may a slash be missing.
            const isVague = match.values.includes("");
            const plain = (one: string) =>
              decodeURIComponent(isVague ? one.replace(/\/{2,}/g, "/").replace(/(?<=.)\/$/, "") : one);
            expect(plain(fill(match.target, () => given.shift() ?? ""))).toBe(plain(path));
          },
        ),
      );
    });
  });
});
