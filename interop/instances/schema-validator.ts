import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormatsModule from "ajv-formats";
import type { Contract } from "./contract.js";
import { from30 } from "./dialect-3-0.js";
import { type Direction, type Document, directions, documentOf, schemaOf, type Version } from "./documents.js";

// CommonJS: Node exposes its default export as a property.
const addFormats = addFormatsModule as unknown as typeof addFormatsModule.default;

/** Validates JSON against the schemas of a document. */
export class SchemaValidator {
  readonly version: Version;
  readonly document: Document;
  private readonly ajv: Ajv2020;
  private readonly compiled: Map<string, ValidateFunction> = new Map();

  constructor(contract: Contract, version: Version) {
    this.version = version;
    this.document = disarm(documentOf(contract, version));
    this.ajv = new Ajv2020({ strict: false, ownProperties: true, validateSchema: false, logger: false });
    addFormats(this.ajv);
    const { schemas } = this.document.components;
    const read = Object.entries(schemas).map(([name, schema]) => [name, this.read(schema)]);
    this.ajv.addSchema({ components: { schemas: Object.fromEntries(read) } }, "document");
  }

  /** The errors of the schema of a message; undefined when it accepts the JSON. */
  complaint(index: number, direction: Direction, json: unknown): string | undefined {
    const validate = this.validator(index, direction);
    if (validate(disarm(json))) return undefined;
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`).join("; ");
  }

  /** Whether a message has a separate schema for requests. */
  hasInput(index: number): boolean {
    const [input, output] = directions.map((direction) => JSON.stringify(schemaOf(this.document, index, direction)));
    return input !== output;
  }

  private validator(index: number, direction: Direction): ValidateFunction {
    const key = `${index} ${direction}`;
    let validate = this.compiled.get(key);
    if (validate === undefined) {
      const text = JSON.stringify(this.read(schemaOf(this.document, index, direction)));
      validate = this.ajv.compile(JSON.parse(text.replaceAll('"$ref":"#/', '"$ref":"document#/')));
      this.compiled.set(key, validate);
    }
    return validate;
  }

  private read(schema: object): object {
    return this.version === "3.0" ? from30(schema) : schema;
  }
}

/** ajv ignores properties named `__proto__`, so both schemas and instances use another name. */
function disarm<T>(json: T): T {
  const text = JSON.stringify(json);
  return text.includes('"__proto__"') ? JSON.parse(text.replaceAll('"__proto__"', '"proto (disarmed)"')) : json;
}
