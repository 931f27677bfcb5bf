import { Ajv2020, type Options, type ValidateFunction } from "ajv/dist/2020.js";
import addFormatsModule from "ajv-formats";
import { type Document, OpenAPIBackend, SetMatchType, ValidationContext } from "openapi-backend";
import { parseEvents } from "./events.js";
import { findOperation, type Operation } from "./operations.js";
import type { Exchange } from "./recorder.js";
import type { MediaType, ShopDocument } from "./shop-document.js";

// CommonJS: Node exposes its default export as a property.
const addFormats = addFormatsModule as unknown as typeof addFormatsModule.default;

/** What comes as text. */
const asText: readonly ValidationContext[] = [ValidationContext.Params, ValidationContext.ResponseHeaders];

/** The headers that report waits. */
const ofWaits = /^(potter-.*|location|preference-applied|retry-after)$/;

/** The parts of a request that a document describes. */
export type RecordedRequest = Pick<Exchange, "method" | "path" | "search" | "requestHeaders" | "requestBody">;

/**
 * Validates requests and responses against a document: requests by openapi-backend, responses by ajv, which covers every
 * media type; openapi-backend knows only JSON.
 */
export class DocumentValidator {
  private readonly document: ShopDocument;
  private readonly backend: OpenAPIBackend;
  private readonly ajv: Ajv2020;
  private readonly compiled: Map<string, ValidateFunction> = new Map();

  private constructor(document: ShopDocument, backend: OpenAPIBackend) {
    this.document = document;
    this.backend = backend;
    this.ajv = createAjv({ allErrors: true, validateSchema: false });
    this.ajv.addSchema(document, "document");
  }

  /** Creates a validator for a document of OpenAPI 3.1 or later. */
  static async create(document: ShopDocument): Promise<DocumentValidator> {
    const backend = new OpenAPIBackend({
      // It modifies its input.
      definition: structuredClone(document) as unknown as Document,
      // It validates only documents of 3.0; other tools validate ours.
      quick: true,
      // Its own ajv knows the JSON Schema of 3.0 only.
      customizeAjv: (_, options, context) =>
        createAjv({
          ...options,
          coerceTypes: asText.includes(context),
        }),
    });
    await backend.init();
    return new DocumentValidator(document, backend);
  }

  /** The problems of a request; empty when it is valid. */
  problemsOfRequest({ method, path, search, requestHeaders, requestBody }: RecordedRequest): readonly string[] {
    const body = requestBody === "" ? {} : { body: requestBody };
    const request = { method, path, query: search.replace(/^\?/, ""), headers: { ...requestHeaders }, ...body };
    const { errors } = this.backend.validator.validateRequest(request);
    return (errors ?? []).map(({ instancePath, message }) => `${method} ${path}: ${instancePath} ${message}`);
  }

  /** The problems of a response; empty when it is valid. */
  problemsOfResponse(exchange: Exchange): readonly string[] {
    const { method, path, status, contentType } = exchange;
    const subject = `${method} ${path} ${status}`;
    const operation = findOperation(this.document, method, path);
    if (operation === undefined) return [`${subject}: no operation has this path`];
    const found = findContent(this.document, operation, exchange);
    if (found === undefined) return [`${subject}: the document has no ${contentType} of this status`];
    const { pointer, media } = found;
    const keyword = media.itemSchema === undefined ? "schema" : "itemSchema";
    if (media[keyword] === undefined) return [`${subject}: ${contentType} has no schema`];
    const validate = this.compile(`${pointer}/${keyword}`);
    return toValues(exchange).flatMap((value) => {
      validate(value);
      return (validate.errors ?? []).map(({ instancePath, message }) => `${subject}: ${instancePath} ${message}`);
    });
  }

  /**
   * The problems of the headers of a response that report waits; empty when they are valid. `hasAll`: whether it must have all headers
   * that the document lists.
   */
  problemsOfWait({ method, path, status, responseHeaders }: Exchange, hasAll: boolean): readonly string[] {
    const subject = `${method} ${path} ${status}`;
    const operation = findOperation(this.document, method, path);
    if (operation === undefined) return [`${subject}: no operation has this path`];
    const names = Object.keys(responseHeaders).filter((name) => ofWaits.test(name) || (hasAll && name === "etag"));
    const headers = Object.fromEntries(names.map((name) => [name, responseHeaders[name]]));
    const setMatchType = hasAll ? SetMatchType.Exact : SetMatchType.Subset;
    const options = { statusCode: status, setMatchType };
    const { errors } = this.backend.validator.validateResponseHeaders(headers, operation.id, options);
    return (errors ?? []).map(({ instancePath, message, params }) =>
      [subject, instancePath, message, JSON.stringify(params)].join(" "),
    );
  }

  private compile(pointer: string): ValidateFunction {
    const known = this.compiled.get(pointer);
    if (known !== undefined) return known;
    const validate = this.ajv.compile({ $ref: `document#${pointer}` });
    this.compiled.set(pointer, validate);
    return validate;
  }
}

function createAjv(options: Options): Ajv2020 {
  const ajv = new Ajv2020({ ...options, strict: false });
  addFormats(ajv);
  // Of the formats that OpenAPI's registry has, those that ajv-formats lacks. The text of an int64 is up to its pattern.
  const uint32 = (value: number): boolean => Number.isInteger(value) && value >= 0 && value < 2 ** 32;
  return ajv.addFormat("uint32", { type: "number", validate: uint32 }).addFormat("uint64", true);
}

/** The media type of a response in the document, and its JSON pointer. */
function findContent(document: ShopDocument, operation: Operation, { status, contentType }: Exchange) {
  const { responses } = operation.object;
  const key = [String(status), `${String(status)[0]}XX`, "default"].find((candidate) => candidate in responses);
  const response = key === undefined ? undefined : responses[key];
  if (key === undefined || response === undefined) return undefined;
  const steps =
    response.$ref === undefined
      ? ["paths", operation.path, operation.method.toLowerCase(), "responses", key]
      : ["components", "responses", response.$ref.replace("#/components/responses/", "")];
  const found = response.$ref === undefined ? response : document.components.responses?.[steps[2] ?? ""];
  const media: MediaType | undefined = found?.content?.[contentType];
  return media && { media, pointer: [...steps, "content", contentType].map((step) => `/${toPointer(step)}`).join("") };
}

/** As a URI fragment: RFC 6901, section 6. */
function toPointer(step: string): string {
  return encodeURIComponent(step.replaceAll("~", "~0").replaceAll("/", "~1"));
}

/** The values that a schema describes: the body, or each of its events. */
function toValues({ contentType, responseBody }: Exchange): readonly unknown[] {
  return contentType === "text/event-stream"
    ? parseEvents(responseBody)
        .filter(({ event }) => event === "message")
        .map(({ data }) => JSON.parse(data) as unknown)
    : [JSON.parse(responseBody)];
}
