import { Ajv2020 } from "ajv/dist/2020.js";
import addFormatsModule from "ajv-formats";
import { listSchemas } from "./schemas.js";
import type { Checker } from "./tool.js";

// CommonJS: Node exposes its default export as a property.
const addFormats = addFormatsModule as unknown as typeof addFormatsModule.default;

/** Formats of OpenAPI's registry that ajv-formats lacks. */
const formats = ["uint32", "uint64"];
/** Words of OpenAPI in schemas, which JSON Schema takes as annotations. */
const words = ["discriminator", "xml", "externalDocs", "example"];

/**
 * Ajv at its strictest. The schema of OpenAPI 3.1 does not look into schemas: they must be JSON Schema 2020-12, compile,
 * and have no unknown keywords or formats, no keywords without effect, no references that lead nowhere.
 */
export const jsonSchema: Checker = {
  name: "ajv, strict",
  versions: ["3.1", "3.2"],
  kind: "checker",
  async check({ value }) {
    const ajv = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true, validateSchema: false });
    addFormats(ajv);
    for (const format of formats) ajv.addFormat(format, true);
    // References start at the document, so ajv takes it for a schema too.
    for (const word of [...words, ...Object.keys(value)]) ajv.addKeyword(word);
    ajv.addSchema(value, "document");
    return listSchemas(value).flatMap(({ pointer, schema }) => {
      if (ajv.validateSchema(schema) !== true) return [`${pointer}: ${ajv.errorsText()}`];
      try {
        ajv.compile({ $ref: `document#${pointer}` });
        return [];
      } catch (error) {
        return [`${pointer}: ${String(error)}`];
      }
    });
  },
};
