// Who tools must be seen to take a good document and to refuse a broken one.
import { describe, expect, it } from "vitest";
import { writeBrokenDocuments } from "./broken-documents.js";
import { type OpenApiValue, type Version, versions } from "./document.js";
import { listProblems } from "./find-problems.js";
import { toDocument, writeGoodDocument } from "./good-document.js";
import type { Tool } from "./tool.js";
import { tools } from "./tools.js";

const ref = "a reference that leads nowhere";

/** One fault at least that a tool must find, in each version that it knows; two where it looks at two things. */
const found: Readonly<Record<string, readonly string[]>> = {
  "official schema": [ref, "a word of an operation that there is not"],
  "ajv, strict": [ref, "a type that there is not", "a word of a schema that there is not"],
  "swagger-parser": [ref, "a word of an operation that there is not", "an answer without words"],
  scalar: ["a word of an operation that there is not", "an answer without words"],
  redocly: [...writeBrokenDocuments("3.1").keys()],
  spectral: [ref, "a type that there is not", "a parameter that is not declared", "two operations of one name"],
  "openapi-backend": ["two paths that differ in the name of a parameter only"],
  "openapi-typescript and openapi-fetch": [ref, "two operations of one name"],
  "hey-api": [ref],
  orval: [ref, "a parameter that is not declared"],
  oazapfts: [ref, "a parameter that is not declared"],
  "swagger-typescript-api": ["a type that there is not"],
};

/** What a tool says, exceptions or not. */
function problemsOf(tool: Tool, version: Version, value: OpenApiValue): Promise<readonly string[]> {
  return listProblems(tool, toDocument("a document", version, value));
}

describe.each(tools.map((tool) => [tool.name, tool] as const))("%s", (name, tool) => {
  const known = versions.filter((version) => tool.versions.includes(version));

  it.each(known)("has nothing against a good document of %s", async (version) => {
    expect(await problemsOf(tool, version, writeGoodDocument(version))).toEqual([]);
  });

  it.each(known)("finds what is wrong with broken documents of %s", async (version) => {
    const broken = writeBrokenDocuments(version);
    expect(found[name]).not.toEqual([]);
    for (const fault of found[name] ?? []) {
      const value = broken.get(fault) as OpenApiValue;
      expect(await problemsOf(tool, version, value), fault).not.toEqual([]);
    }
  });

  it.each(versions.filter((version) => !known.includes(version)))(
    "is not asked about %s, of which it refuses a good document",
    async (version) => {
      expect(await problemsOf(tool, version, writeGoodDocument(version))).not.toEqual([]);
    },
  );
});
