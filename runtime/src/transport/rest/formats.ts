import { toBinary } from "@bufbuild/protobuf";
import { reflect } from "@bufbuild/protobuf/reflect";
import type { AnyMethod, HttpBinding } from "../../cqrs/index.js";
import { type BodyFormat, HttpError } from "../../http/index.js";
import { chooseType } from "./accept.js";
import { BinaryReader } from "./binary-reader.js";
import { isJsonType, toMediaType } from "./content-type.js";
import { isHttpBody, writeHttpBody } from "./http-body.js";
import { toReflected } from "./reflected.js";
import type { RequestReader } from "./request-reader.js";
import { createValueWriter } from "./response-writer.js";

/** Makes the message of a request from its body and what path and query say. */
export type ReadBody = (bytes: Uint8Array, contentType: string, query: string, values: readonly string[]) => unknown;

/** How answers are written under a media type. */
export interface AnswerFormat {
  readonly contentType: string;
  write(message: unknown): Uint8Array;
}

const json = "application/json";
const binary = ["application/x-protobuf", "application/protobuf"];

/** The formats of one HTTP binding besides JSON. Nothing here is asked where a request is about JSON alone. */
export class Formats {
  /** By media type. */
  private readonly requests: ReadonlyMap<string, ReadBody>;
  /** Reads what no other format does. */
  readonly raw: ReadBody | undefined;
  private readonly answers: readonly AnswerFormat[];
  /** The media types of answers, JSON first. */
  private readonly types: readonly string[];

  constructor(
    method: AnyMethod,
    http: HttpBinding,
    reader: RequestReader,
    formats: readonly BodyFormat[],
    depth: number,
  ) {
    this.requests = createRequestFormats(method, reader, formats, depth);
    this.raw = createRawFormat(method, reader, depth);
    this.answers = createAnswerFormats(method, http, formats);
    this.types = [json, ...this.answers.map(({ contentType }) => contentType)];
  }

  /** What reads a body of this type; undefined: it is JSON. Throws 415. */
  request(contentType: string | undefined): ReadBody | undefined {
    if (this.raw !== undefined) return this.raw;
    if (contentType === undefined || isJsonType(contentType)) return undefined;
    const found = this.requests.get(toMediaType(contentType));
    if (found !== undefined) return found;
    throw this.unknownType();
  }

  /** 415, for a body that is of no type that can be read. */
  unknownType(): HttpError {
    const types = [`${json} (in UTF-8)`, ...this.requests.keys()].join(", ");
    return new HttpError(
      415,
      "invalid_argument",
      `the body has a Content-Type that is not read here: expected ${types}`,
    );
  }

  /** What writes the answer that an `accept` header likes best; undefined: JSON. Throws 406. */
  answer(accept: string): AnswerFormat | undefined {
    const chosen = chooseType(accept, this.types);
    if (chosen >= 0) return this.answers[chosen - 1];
    throw new HttpError(406, "invalid_argument", `answers are of the type ${this.types.join(", ")}`);
  }

  /** Whether an answer may be something else than JSON. */
  get several(): boolean {
    return this.answers.length > 0;
  }
}

function createRequestFormats(
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

/** Bodies that are a `google.api.HttpBody` are of whatever type they say. */
function createRawFormat(method: AnyMethod, reader: RequestReader, depth: number): ReadBody | undefined {
  const { hasBody, bodyField } = reader;
  const type = bodyField?.fieldKind === "message" ? bodyField.message.typeName : undefined;
  if (!hasBody || !isHttpBody(bodyField === undefined ? method.request.typeName : type)) return undefined;
  const messages = new BinaryReader(method, reader, depth);
  return (data, contentType, query, values) => messages.read(writeHttpBody({ contentType, data }), query, values);
}

function createAnswerFormats(
  method: AnyMethod,
  http: HttpBinding,
  formats: readonly BodyFormat[],
): readonly AnswerFormat[] {
  const { response } = method;
  const found: AnswerFormat[] = [];
  const field = response.schema.fields.find(({ name }) => name === http.responseBody);
  if (field === undefined) {
    for (const contentType of binary) found.push({ contentType, write: (message) => response.encode(message) });
  } else if (field.fieldKind === "message") {
    const write = (message: unknown): Uint8Array => {
      const whole = reflect(response.schema, toReflected(response, message));
      return whole.isSet(field) ? toBinary(field.message, whole.get(field).message) : new Uint8Array(0);
    };
    for (const contentType of binary) found.push({ contentType, write });
  }
  const toValue = createValueWriter(method, http);
  for (const format of formats) {
    for (const contentType of format.mediaTypes)
      found.push({ contentType, write: (message) => format.write(toValue(message)) });
  }
  return found;
}
