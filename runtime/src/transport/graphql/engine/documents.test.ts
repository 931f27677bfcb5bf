import { buildSchema, GraphQLError } from "graphql";
import { expect, it } from "vitest";
import { readLimits } from "../limits/index.js";
import { Documents } from "./documents.js";

const schema = buildSchema("type Query { a: Int b: Int }");

it("keeps no more documents than the memory for them allows", () => {
  const bytes = 64 * 1024; // of some 5 KiB each
  const documents = new Documents(schema, readLimits({ cacheBytes: bytes }), true, 1_000);
  const texts = Array.from({ length: 100 }, (_, at) => `query Q${at} { ${"a b ".repeat(10)}}`);
  const first = documents.check(texts[0] ?? "");
  expect(documents.check(texts[0] ?? "")).toBe(first);
  for (const text of texts) documents.check(text);
  expect(documents.check(texts[0] ?? "")).not.toBe(first);
  const last = documents.check(texts[99] ?? "");
  expect(documents.check(texts[99] ?? "")).toBe(last);
});

it("keeps no tokens of a document, and still knows where a node is", () => {
  const checked = new Documents(schema, readLimits(), true, 10).check("query Q {\n  a\n}");
  if (checked.errors !== undefined) throw new Error("refused");
  const node = checked.operations[0]?.node.selectionSet.selections[0];
  expect(Object.keys(node?.loc ?? {})).toEqual(["start", "end", "source"]);
  expect(new GraphQLError("here", { nodes: node ?? null }).locations).toEqual([{ line: 2, column: 3 }]);
});
