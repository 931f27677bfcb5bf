import { baseDocument } from "./base-document.js";
import type { ApiDocument, OpenApiValue, Version } from "./document.js";

/** A small document, written by hand, that nobody has anything against. */
export function writeGoodDocument(version: Version): OpenApiValue {
  // The dialects of JSON Schema differ.
  const positive = version === "3.0" ? { minimum: 0, exclusiveMinimum: true } : { exclusiveMinimum: 0 };
  return {
    openapi: { "3.0": "3.0.4", "3.1": "3.1.2", "3.2": "3.2.0" }[version],
    ...structuredClone(baseDocument),
    tags: [{ name: "Teapots", description: "Tea is kept warm in them." }],
    paths: {
      "/v1/teapots/{teapotId}": {
        get: {
          operationId: "getTeapot",
          summary: "Gets a teapot",
          description: "A teapot as it is now.",
          tags: ["Teapots"],
          parameters: [{ name: "teapotId", in: "path", required: true, schema: { type: "string" } }],
          responses: {
            "200": { description: "The teapot", content: json("Teapot") },
            "404": { description: "There is none", content: { "application/problem+json": { schema: problem } } },
          },
        },
        put: {
          operationId: "putTeapot",
          summary: "Puts a teapot",
          description: "A teapot as it shall be.",
          tags: ["Teapots"],
          parameters: [{ name: "teapotId", in: "path", required: true, schema: { type: "string" } }],
          requestBody: { required: true, content: json("Teapot") },
          responses: {
            "200": { description: "The teapot", content: json("Teapot") },
            "400": { description: "It is none", content: { "application/problem+json": { schema: problem } } },
          },
        },
      },
    },
    components: {
      ...baseDocument.components,
      schemas: {
        Teapot: {
          type: "object",
          properties: {
            litres: { type: "number", ...positive },
            lid: { type: "boolean" },
            next: { $ref: "#/components/schemas/Teapot" },
          },
          required: ["litres"],
        },
      },
    },
  };
}

const problem = { type: "object", properties: { type: { type: "string" } } };

function json(name: string): object {
  return { "application/json": { schema: { $ref: `#/components/schemas/${name}` } } };
}

/** Wraps a value as a document under test. */
export function toDocument(name: string, version: Version, value: OpenApiValue): ApiDocument {
  return { name, version, value, text: JSON.stringify(value, undefined, 2) };
}
