import type { OpenApiValue, Version } from "./document.js";
import { writeGoodDocument } from "./good-document.js";

/** Ways to break a document. The text that is replaced is in the good document, as JSON. */
const breaks: Readonly<Record<string, readonly [found: string, replacement: string]>> = {
  "a reference that leads nowhere": [
    `{"$ref":"#/components/schemas/Teapot"}}}}`,
    `{"$ref":"#/components/schemas/Cup"}}}}`,
  ],
  "a type that there is not": [`{"type":"boolean"}`, `{"type":"bool"}`],
  "a word of a schema that there is not": [`"exclusiveMinimum":`, `"exclusiveMinimal":`],
  "a word of an operation that there is not": [`"summary":"Gets a teapot"`, `"synopsis":"Gets a teapot"`],
  "a parameter that the path has not": [`"/v1/teapots/{teapotId}"`, `"/v1/teapots"`],
  "a parameter that is not declared": [`"/v1/teapots/{teapotId}"`, `"/v1/teapots/{teapotId}/{lid}"`],
  "two paths that differ in the name of a parameter only": [
    `"put":{`,
    `"head":{"responses":{"200":{"description":"It is there"}}}},"/v1/teapots/{name}":{"get":{`,
  ],
  "two operations of one name": [`"putTeapot"`, `"getTeapot"`],
  "no licence": [`"license":`, `"x-license":`],
  "no way to call a service that needs a login": [`"security":[{"bearer":[]}]`, `"x-security":[]`],
  "an answer without words": [`"description":"The teapot",`, ""],
};

/** A good document with one fault, by the name of the fault. */
export function writeBrokenDocuments(version: Version): ReadonlyMap<string, OpenApiValue> {
  const good = JSON.stringify(writeGoodDocument(version));
  return new Map(
    Object.entries(breaks).map(([name, [found, replacement]]) => {
      const broken = good.replace(found, replacement);
      if (broken === good) throw new Error(`the good document has no ${found}`);
      return [name, JSON.parse(broken) as OpenApiValue];
    }),
  );
}
