import type { OpenApiValue, Version } from "./document.js";
import { writeGoodDocument } from "./good-document.js";

/** Faults: each replaces a text of the correct document, as JSON. */
const breaks: Readonly<Record<string, readonly [found: string, replacement: string]>> = {
  "a dangling reference": [`{"$ref":"#/components/schemas/Teapot"}}}}`, `{"$ref":"#/components/schemas/Cup"}}}}`],
  "an unknown type": [`{"type":"boolean"}`, `{"type":"bool"}`],
  "an unknown keyword of a schema": [`"exclusiveMinimum":`, `"exclusiveMinimal":`],
  "an unknown keyword of an operation": [`"summary":"Gets a teapot"`, `"synopsis":"Gets a teapot"`],
  "a path parameter that the path lacks": [`"/v1/teapots/{teapotId}"`, `"/v1/teapots"`],
  "an undeclared path parameter": [`"/v1/teapots/{teapotId}"`, `"/v1/teapots/{teapotId}/{lid}"`],
  "two paths that differ in the name of a parameter only": [
    `"put":{`,
    `"head":{"responses":{"200":{"description":"It is there"}}}},"/v1/teapots/{name}":{"get":{`,
  ],
  "a duplicate operation id": [`"putTeapot"`, `"getTeapot"`],
  "no license": [`"license":`, `"x-license":`],
  "no security requirement": [`"security":[{"bearer":[]}]`, `"x-security":[]`],
  "a response without a description": [`"description":"The teapot",`, ""],
};

/** Returns documents with one fault each, by the name of the fault. */
export function writeBrokenDocuments(version: Version): ReadonlyMap<string, OpenApiValue> {
  const good = JSON.stringify(writeGoodDocument(version));
  return new Map(
    Object.entries(breaks).map(([name, [found, replacement]]) => {
      const broken = good.replace(found, replacement);
      if (broken === good) throw new Error(`the correct document has no ${found}`);
      return [name, JSON.parse(broken) as OpenApiValue];
    }),
  );
}
