import { type Document, OpenAPIBackend } from "openapi-backend";
import { listOperations } from "./operations.js";
import type { Checker } from "./tool.js";

/**
 * openapi-backend, which serves a document: it must accept the document and find each operation by its path. It does not have
 * to validate: it uses another dialect of JSON Schema than OpenAPI 3.0, and never ends on recursive types.
 */
export const openapiBackend: Checker = {
  name: "openapi-backend",
  versions: ["3.0", "3.1", "3.2"],
  kind: "checker",
  async check({ value }) {
    const definition = structuredClone(value) as unknown as Document;
    const backend = new OpenAPIBackend({ definition, quick: true, validate: false });
    await backend.init();
    return listOperations(value).flatMap(({ method, path, id }) => {
      const asked = path.replaceAll(/\{[^}]*\}/g, "some");
      const found = backend.matchOperation({ method, path: asked, headers: {} })?.operationId;
      return found === id ? [] : [`${method} ${asked} should be ${id}, and is ${found}`];
    });
  },
};
