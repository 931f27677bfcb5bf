import type { DescField, DescMessage, JsonObject, JsonValue } from "@bufbuild/protobuf";
import type { AnyMethod, HttpBinding, PathVariable } from "../../../cqrs/index.js";
import { PotterError } from "../../../errors/index.js";
import { type FieldLocation, readFieldPath, readJsonText, toJsonPointer } from "../../../http/index.js";
import { bindField, type FieldBinding, setField } from "./field-binding.js";
import { ParameterError } from "./parameter-error.js";
import { QueryReader, toParameterName } from "./query-reader.js";
import { UpdateMask } from "./update-mask.js";

/** The options of requests. */
export interface RequestReaderOptions {
  /** The deepest nesting of a body. */
  readonly maxJsonDepth: number;
  readonly ignoreUnknownParameters: boolean;
}

/** A variable of the path. */
export interface PathParameter {
  /** The path of the field in proto names. */
  readonly field: string;
  readonly binding: FieldBinding;
  /** Whether it spans several segments: an encoded slash is part of a segment and stays encoded. */
  readonly several: boolean;
}

/** Reads the requests of one HTTP binding: builds one message from path, query and body. */
export class RequestReader {
  private readonly schema: DescMessage;
  private readonly fromJson: (json: JsonValue) => unknown;
  private readonly maxJsonDepth: number;
  readonly parameters: readonly PathParameter[];
  private readonly query: QueryReader;
  /** Whether the request has a body. */
  readonly hasBody: boolean;
  /** The field that the body holds; undefined: the body holds the whole request. */
  readonly bodyField: DescField | undefined;
  /** Adds an update mask to a PATCH; undefined: the binding needs none. */
  readonly mask: UpdateMask | undefined;

  /** Throws a PotterError if the binding does not fit the request. */
  constructor(method: AnyMethod, http: HttpBinding, options: RequestReaderOptions) {
    const { request } = method;
    this.schema = request.schema;
    const mask = UpdateMask.of(method, http);
    this.mask = mask;
    this.fromJson =
      mask === undefined
        ? (json) => request.fromJson(json)
        : (json) => mask.addFrom(json as JsonObject, request.fromJson(json));
    this.maxJsonDepth = options.maxJsonDepth;
    this.parameters = http.segments
      .filter((segment) => typeof segment === "object")
      .map((one) => this.toParameter(one));
    this.hasBody = http.body !== undefined;
    this.bodyField = http.body === undefined || http.body === "*" ? undefined : this.toField(http.body);
    const taken = [...this.parameters.map(({ field }) => field), ...(this.bodyField ? [this.bodyField.name] : [])];
    this.query = new QueryReader(this.schema, http.body === "*" ? undefined : taken, options.ignoreUnknownParameters);
  }

  private toParameter({ field, segments }: PathVariable): PathParameter {
    const binding = bindField(this.schema, field);
    if (binding === undefined || binding.repeated) {
      const message = `{${field}} must name a field of ${this.schema.typeName} that a string can hold`;
      throw new PotterError("invalid_argument", message);
    }
    return { field, binding, several: segments.length > 1 || segments[0] === "**" };
  }

  private toField(name: string): DescField {
    const field = this.schema.fields.find((one) => one.name === name);
    if (field === undefined) {
      throw new PotterError("invalid_argument", `its body "${name}" is not a field of ${this.schema.typeName}`);
    }
    return field;
  }

  /** Creates the message. `body` is empty if there is none. `values` are the values of the path variables. */
  read(body: string, query: string, values: readonly string[]): unknown {
    return this.readValue(body === "" ? undefined : readJsonText(body, this.maxJsonDepth), query, values);
  }

  /** Creates the message from a body that is parsed already; undefined: there is none. */
  readValue(body: JsonValue | undefined, query: string, values: readonly string[]): unknown {
    if (this.bodyField === undefined && values.length === 0 && query === "") return this.fromJson(body ?? {});
    const json = this.toObject(body);
    // The codec rejects a body that is not an object, with a precise message.
    if (json === undefined) return this.fromJson(body as JsonValue);
    this.setParameters(json, query, values);
    return this.fromJson(json);
  }

  /** Returns the parameters of path and query as ProtoJSON, or undefined if there are none. */
  readParameters(query: string, values: readonly string[]): JsonObject | undefined {
    if (values.length === 0 && query === "") return undefined;
    const json: JsonObject = {};
    this.setParameters(json, query, values);
    return json;
  }

  private setParameters(json: JsonObject, query: string, values: readonly string[]): void {
    for (let i = 0; i < this.parameters.length; i++) {
      const parameter = this.parameters[i] as PathParameter;
      const value = parameter.binding.read(decodeValue(values[i] ?? "", parameter));
      if (setField(json, parameter.binding, value)) continue;
      const pointer = this.pointInBody(readFieldPath(parameter.field));
      throw new ParameterError("body", pointer, "http.path_conflict", "must be the same as in the path, or left out");
    }
    if (query !== "") this.query.read(query, json);
  }

  private toObject(body: JsonValue | undefined): JsonObject | undefined {
    if (body === undefined) return {};
    if (this.bodyField !== undefined) return { [this.bodyField.jsonName]: body };
    return typeof body === "object" && body !== null && !Array.isArray(body) ? body : undefined;
  }

  /** Finds the location of a field in the request. `field` is a path as in violations. */
  readonly locate = (field: string): FieldLocation => {
    const parameter = this.parameters.find((one) => field === one.field || field.startsWith(`${one.field}.`));
    if (parameter !== undefined) return { in: "path", field: parameter.field };
    const steps = readFieldPath(field);
    const isInBody = this.bodyField === undefined ? this.hasBody : steps[0]?.name === this.bodyField.name;
    if (isInBody) return { in: "body", field: this.pointInBody(steps) };
    return { in: "query", field: toParameterName(this.schema, steps) };
  };

  /** Returns a JSON Pointer into the body for a field of the request. */
  pointInBody(steps: ReturnType<typeof readFieldPath>): string {
    const pointer = toJsonPointer(this.schema, steps);
    return this.bodyField === undefined ? pointer : pointer.slice(`/${this.bodyField.jsonName}`.length);
  }
}

function decodeValue(value: string, { field, several }: PathParameter): string {
  if (!value.includes("%")) return value;
  try {
    if (!several) return decodeURIComponent(value);
    const parts = value.split(/(%2f)/i);
    return parts.map((part, index) => (index % 2 === 0 ? decodeURIComponent(part) : part)).join("");
  } catch {
    throw new ParameterError("path", field, "http.encoding", "must be percent-encoded UTF-8");
  }
}
