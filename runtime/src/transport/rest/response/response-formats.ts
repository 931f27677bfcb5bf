import { toBinary } from "@bufbuild/protobuf";
import { reflect } from "@bufbuild/protobuf/reflect";
import type { AnyMethod, HttpBinding } from "../../../cqrs/index.js";
import { type BodyFormat, chooseType, HttpError } from "../../../http/index.js";
import { reflectMessage } from "../messages/index.js";
import { createValueWriter } from "./body-writer.js";

/** Writes responses under a media type. */
export interface ResponseFormat {
  readonly contentType: string;
  write(message: unknown): Uint8Array;
}

const json = "application/json";
const binary = ["application/x-protobuf", "application/protobuf"];

/** The formats other than JSON in which the responses of one HTTP binding can be written. */
export class ResponseFormats {
  private readonly formats: readonly ResponseFormat[];
  /** All media types, JSON first. */
  private readonly types: readonly string[];

  constructor(method: AnyMethod, http: HttpBinding, formats: readonly BodyFormat[]) {
    this.formats = createFormats(method, http, formats);
    this.types = [json, ...this.formats.map(({ contentType }) => contentType)];
  }

  /** Returns the format that an `accept` header prefers; undefined: JSON. Throws an HttpError 406 if it allows none. */
  choose(accept: string): ResponseFormat | undefined {
    const chosen = chooseType(accept, this.types);
    if (chosen >= 0) return this.formats[chosen - 1];
    throw new HttpError(406, "invalid_argument", `responses are of the type ${this.types.join(", ")}`);
  }

  /** Whether there is a format other than JSON. */
  get hasSeveral(): boolean {
    return this.formats.length > 0;
  }
}

function createFormats(
  method: AnyMethod,
  http: HttpBinding,
  formats: readonly BodyFormat[],
): readonly ResponseFormat[] {
  const { response } = method;
  const found: ResponseFormat[] = [];
  const field = response.schema.fields.find(({ name }) => name === http.responseBody);
  if (field === undefined) {
    for (const contentType of binary) found.push({ contentType, write: (message) => response.encode(message) });
  } else if (field.fieldKind === "message") {
    const write = (message: unknown): Uint8Array => {
      const whole = reflect(response.schema, reflectMessage(response, message));
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
