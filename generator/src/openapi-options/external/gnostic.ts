import type { DescField, DescMessage, DescMethod } from "@bufbuild/protobuf";
import type { oas32 } from "openapi3-ts";
import { readForeignValue } from "../../descriptors/index.js";
import type { FieldOptions, Header, OperationOptions, SchemaOptions } from "../options.js";
import { set } from "../set.js";
import { toFieldExample, toMessageExample } from "./external-example.js";
import {
  byName,
  type Named,
  type NamedItem,
  parseYaml,
  type Security,
  toDocs,
  toSecurity,
  type Yaml,
} from "./gnostic-values.js";
import { type ExternalKeywords, toFormat, toKeywords } from "./keywords.js";

/** The number of all gnostic extensions. */
const number = 1143;

interface Operation {
  readonly tags?: string[];
  readonly summary?: string;
  readonly description?: string;
  readonly operationId?: string;
  readonly deprecated?: boolean;
  readonly externalDocs?: Partial<oas32.ExternalDocumentationObject>;
  readonly security?: readonly Security[];
  readonly parameters?: readonly { readonly parameter?: Parameter }[];
  readonly responses?: {
    readonly default?: { readonly response?: Response };
    readonly responseOrReference?: readonly NamedItem<{ readonly response?: Response }>[];
  };
}

/** A header, or a parameter that may be a header. */
interface Parameter {
  readonly name?: string;
  readonly in?: string;
  readonly description?: string;
  readonly required?: boolean;
  readonly schema?: { readonly schema?: Schema };
  readonly example?: Yaml;
}

interface Response {
  readonly description?: string;
  readonly headers?: Named<{ readonly header?: Parameter }>;
}

interface Schema extends ExternalKeywords {
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly example?: Yaml;
  readonly readOnly?: boolean;
  readonly writeOnly?: boolean;
  readonly deprecated?: boolean;
  readonly required?: readonly string[];
  readonly externalDocs?: Partial<oas32.ExternalDocumentationObject>;
  readonly default?: { readonly number?: number; readonly boolean?: boolean; readonly string?: string };
}

/** `option (openapi.v3.operation)`. */
export function readGnosticOperation(method: DescMethod): OperationOptions {
  const operation = readForeignValue<Operation>(method, { name: "openapi.v3.operation", number });
  if (operation === undefined) return {};
  const { tags, summary, description, operationId, deprecated, security = [], parameters = [], responses } = operation;
  const namedResponses: readonly NamedItem<{ readonly response?: Response }>[] = [
    ...(responses?.responseOrReference ?? []),
    ...(responses?.default ? [{ name: "default", value: responses.default }] : []),
  ];
  return set({
    tags,
    summary,
    description,
    operationId,
    deprecated,
    externalDocs: toDocs(operation.externalDocs),
    security: security.map(toSecurity),
    requestHeaders: parameters.flatMap(({ parameter }) =>
      parameter?.in === "header" ? toHeader(parameter.name, parameter) : [],
    ),
    responseHeaders: namedResponses.flatMap(({ name, value }) =>
      name?.startsWith("2") === true ? toHeaders(value?.response?.headers) : [],
    ),
    responses: Object.fromEntries(
      namedResponses.flatMap(({ name, value }) =>
        name === undefined || value?.response?.description === undefined ? [] : [[name, value.response.description]],
      ),
    ),
  });
}

function toHeaders(headers: Response["headers"]): Header[] {
  return Object.entries(byName(headers)).flatMap(([name, { header }]) => toHeader(name, header ?? {}));
}

function toHeader(name: string | undefined, { description, required, schema, example }: Parameter): Header[] {
  if (name === undefined) return [];
  const { type, format, example: of } = schema?.schema ?? {};
  return [
    { name, ...set({ description, required, type, format, example: parseYaml(example) ?? parseYaml(of) }) } as Header,
  ];
}

/** `option (openapi.v3.schema)`. */
export function readGnosticSchema(message: DescMessage): SchemaOptions {
  const schema = readSchema(message);
  if (schema === undefined) return {};
  const { title, description, readOnly, deprecated, externalDocs } = schema;
  const example = toMessageExample(message, parseYaml(schema.example));
  return set({ title, description, example, readOnly, deprecated, externalDocs: toDocs(externalDocs) });
}

function readSchema(message: DescMessage): Schema | undefined {
  return readForeignValue<Schema>(message, { name: "openapi.v3.schema", number });
}

/** `[(openapi.v3.property)]`, and the required fields in the schema of its message. */
export function readGnosticField(field: DescField): FieldOptions {
  const names = readSchema(field.parent)?.required ?? [];
  const required = names.includes(field.name) || names.includes(field.jsonName);
  const schema = readForeignValue<Schema>(field, { name: "openapi.v3.property", number });
  if (schema === undefined) return set({ required });
  const { title, description, readOnly, writeOnly, deprecated, default: initial } = schema;
  return set({
    title,
    description,
    example: toFieldExample(field, parseYaml(schema.example)),
    default: toFieldExample(field, initial?.number ?? initial?.boolean ?? initial?.string),
    format: toFormat(field, schema),
    required,
    readOnly,
    writeOnly,
    deprecated,
    keywords: toKeywords(field, schema),
  });
}
