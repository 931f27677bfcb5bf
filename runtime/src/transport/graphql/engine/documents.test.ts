import { buildSchema, GraphQLError } from "graphql";
import { expect, it } from "vitest";
import { readLimits } from "../limits/index.js";
import { DocumentCache } from "./documents.js";

const schema = buildSchema("type Query { a: Int b: Int }");

it("limits the memory of cached documents", () => {
  const bytes = 64 * 1024; // each takes about 5 KiB
  const documents = new DocumentCache(schema, readLimits({ cacheSize: bytes }), true, 1_000);
  const texts = Array.from({ length: 100 }, (_, at) => `query Q${at} { ${"a b ".repeat(10)}}`);
  const first = documents.check(texts[0] ?? "");
  expect(documents.check(texts[0] ?? "")).toBe(first);
  for (const text of texts) documents.check(text);
  expect(documents.check(texts[0] ?? "")).not.toBe(first);
  const last = documents.check(texts[99] ?? "");
  expect(documents.check(texts[99] ?? "")).toBe(last);
});

it("drops the tokens of a document, and keeps the locations of nodes", () => {
  const checked = new DocumentCache(schema, readLimits(), true, 10).check("query Q {\n  a\n}");
  if (checked.errors !== undefined) throw new Error("refused");
  const node = checked.operations[0]?.node.selectionSet.selections[0];
  expect(Object.keys(node?.loc ?? {})).toEqual(["start", "end", "source"]);
  expect(new GraphQLError("here", { nodes: node ?? null }).locations).toEqual([{ line: 2, column: 3 }]);
});
