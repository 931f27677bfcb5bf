// Every tool accepts a correct document and reports broken ones: a tool that accepts everything would prove nothing.
import { beforeAll, describe, expect, it } from "vitest";
import { writeBrokenDocuments } from "./broken-documents.js";
import { type OpenApiValue, versions } from "./document.js";
import { listProblems } from "./find-problems.js";
import { toDocument, writeGoodDocument } from "./good-document.js";
import { tools } from "./tools.js";

const reference = "a dangling reference";

/** The faults that a tool must find in each version that it supports: one at least, two where it checks two things. */
const findable: Readonly<Record<string, readonly string[]>> = {
  "official schema": [reference, "an unknown keyword of an operation"],
  "ajv, strict": [reference, "an unknown type", "an unknown keyword of a schema"],
  "swagger-parser": [reference, "an unknown keyword of an operation", "a response without a description"],
  scalar: ["an unknown keyword of an operation", "a response without a description"],
  redocly: [...writeBrokenDocuments("3.1").keys()],
  spectral: [reference, "an unknown type", "an undeclared path parameter", "a duplicate operation id"],
  "openapi-backend": ["two paths that differ in the name of a parameter only"],
  "openapi-typescript and openapi-fetch": [reference, "a duplicate operation id"],
  "hey-api": [reference],
  orval: [reference, "an undeclared path parameter"],
  oazapfts: [reference, "an undeclared path parameter"],
  "swagger-typescript-api": ["an unknown type"],
};

describe.each(tools.map((tool) => [tool.name, tool] as const))("%s", (name, tool) => {
  const supported = versions.filter((version) => tool.versions.includes(version));
  const faults = findable[name] ?? [];
  const results = new Map<string, readonly string[]>();

  beforeAll(async () => {
    const documents = versions.flatMap((version) => {
      const broken = writeBrokenDocuments(version);
      return [
        toDocument("correct", version, writeGoodDocument(version)),
        ...faults.map((fault) => toDocument(fault, version, broken.get(fault) as OpenApiValue)),
      ];
    });
    const problems = await listProblems(tool, documents);
    for (const [at, { name: kind, version }] of documents.entries())
      results.set(`${kind} ${version}`, problems[at] ?? []);
  });

  it.each(supported)("accepts a correct document of %s", (version) => {
    expect(results.get(`correct ${version}`)).toEqual([]);
  });

  it.each(supported)("reports broken documents of %s", (version) => {
    expect(faults).not.toEqual([]);
    for (const fault of faults) expect(results.get(`${fault} ${version}`), fault).not.toEqual([]);
  });

  it.each(versions.filter((version) => !supported.includes(version)))(
    "does not support %s: it refuses a correct document",
    (version) => {
      expect(results.get(`correct ${version}`)).not.toEqual([]);
    },
  );
});
