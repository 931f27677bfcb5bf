import type { AnyMethod } from "../../../cqrs/index.js";
import { type BodyFormat, HttpError, isJsonType, toMediaType } from "../../../http/index.js";
import { isHttpBody, writeHttpBody } from "../messages/index.js";
import { BinaryReader } from "./binary-reader.js";
import type { RequestReader } from "./request-reader.js";

/** Creates the request message from the body, the query and the path values. */
export type ReadBody = (bytes: Uint8Array, contentType: string, query: string, values: readonly string[]) => unknown;

const json = "application/json";
const binary = ["application/x-protobuf", "application/protobuf"];

/** The formats other than JSON in which the requests of one HTTP binding can be sent. */
export class RequestFormats {
  /** By media type. */
  private readonly formats: ReadonlyMap<string, ReadBody>;
  /** Reads bodies of every type, where the body is a `google.api.HttpBody`; else undefined. */
  readonly raw: ReadBody | undefined;

  constructor(method: AnyMethod, reader: RequestReader, formats: readonly BodyFormat[], depth: number) {
    this.formats = createFormats(method, reader, formats, depth);
    this.raw = createRawFormat(method, reader, depth);
  }

  /** Returns the reader for a content type; undefined: JSON. Throws an HttpError 415 for an unsupported type. */
  find(contentType: string | undefined): ReadBody | undefined {
    if (this.raw !== undefined) return this.raw;
    if (contentType === undefined || isJsonType(contentType)) return undefined;
    const found = this.formats.get(toMediaType(contentType));
    if (found !== undefined) return found;
    throw this.unsupportedType();
  }

  /** 415, for a body whose content type is not supported. */
  unsupportedType(): HttpError {
    const types = [`${json} (in UTF-8)`, ...this.formats.keys()].join(", ");
    const message = `the Content-Type of the body is not supported: expected ${types}`;
    return new HttpError(415, "invalid_argument", message);
  }
}

function createFormats(
  method: AnyMethod,
  reader: RequestReader,
  formats: readonly BodyFormat[],
  depth: number,
): ReadonlyMap<string, ReadBody> {
  const found = new Map<string, ReadBody>();
  if (!reader.hasBody) return found;
  if (reader.bodyField === undefined || reader.bodyField.fieldKind === "message") {
    const messages = new BinaryReader(method, reader, depth);
    for (const type of binary) found.set(type, (bytes, _, query, values) => messages.read(bytes, query, values));
  }
  for (const format of formats) {
    const read: ReadBody = (bytes, _, query, values) =>
      reader.readValue(bytes.length === 0 ? undefined : format.read(bytes, depth), query, values);
    for (const type of format.mediaTypes) found.set(type, read);
  }
  return found;
}

/** A body that is a `google.api.HttpBody` may have any content type. */
function createRawFormat(method: AnyMethod, reader: RequestReader, depth: number): ReadBody | undefined {
  const { hasBody, bodyField } = reader;
  const type = bodyField?.fieldKind === "message" ? bodyField.message.typeName : undefined;
  if (!hasBody || !isHttpBody(bodyField === undefined ? method.request.typeName : type)) return undefined;
  const messages = new BinaryReader(method, reader, depth);
  return (data, contentType, query, values) => messages.read(writeHttpBody({ contentType, data }), query, values);
}
