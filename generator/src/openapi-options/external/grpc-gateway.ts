import type { DescEnum, DescField, DescMessage, DescMethod, DescService } from "@bufbuild/protobuf";
import { readForeignValue } from "../../descriptors/index.js";
import type { FieldOptions, Header, OperationOptions, SchemaOptions, ServiceOptions } from "../options.js";
import { set } from "../set.js";
import { parseText, toEnumExample, toFieldExample, toMessageExample } from "./external-example.js";
import { readGatewayResponses } from "./grpc-gateway-document.js";
import {
  type Docs,
  gatewayOption,
  type Responses,
  type Security,
  toDocs,
  toResponses,
  toSecurity,
} from "./grpc-gateway-values.js";
import { type ExternalKeywords, toFormat, toKeywords } from "./keywords.js";

interface Operation {
  readonly tags?: string[];
  readonly summary?: string;
  readonly description?: string;
  readonly operationId?: string;
  readonly deprecated?: boolean;
  readonly externalDocs?: Docs;
  readonly security?: readonly Security[];
  readonly responses?: Responses;
  readonly parameters?: { readonly headers?: readonly HeaderParameter[] };
}

interface HeaderParameter {
  readonly name?: string;
  readonly description?: string;
  readonly type?: string;
  readonly format?: string;
  readonly required?: boolean;
}

interface Schema {
  readonly jsonSchema?: JsonSchema;
  readonly readOnly?: boolean;
  readonly externalDocs?: Docs;
  readonly example?: string;
}

interface JsonSchema extends ExternalKeywords {
  readonly title?: string;
  readonly description?: string;
  readonly default?: string;
  readonly readOnly?: boolean;
  readonly example?: string;
  readonly required?: readonly string[];
  readonly fieldConfiguration?: { readonly deprecated?: boolean };
}

interface Enum {
  readonly title?: string;
  readonly description?: string;
  readonly example?: string;
  readonly externalDocs?: Docs;
}

interface Tag {
  readonly name?: string;
  readonly description?: string;
  readonly externalDocs?: Docs;
}

/** `option (…openapiv2_tag)`. */
export function readGatewayService(service: DescService): ServiceOptions {
  const tag = readForeignValue<Tag>(service, gatewayOption("tag"));
  if (tag === undefined) return {};
  return set({ tag: tag.name, description: tag.description, externalDocs: toDocs(tag.externalDocs) });
}

/** `option (…openapiv2_operation)`, and the responses that the file declares for all operations. */
export function readGatewayOperation(method: DescMethod): OperationOptions {
  const common = readGatewayResponses(method.parent.file);
  const operation = readForeignValue<Operation>(method, gatewayOption("operation"));
  if (operation === undefined) return set(toResponses(common));
  const { tags, summary, description, operationId, deprecated, security = [], responses, parameters } = operation;
  return set({
    tags,
    summary,
    description,
    operationId,
    deprecated,
    externalDocs: toDocs(operation.externalDocs),
    security: security.map(toSecurity),
    requestHeaders: (parameters?.headers ?? []).flatMap(toHeader),
    ...toResponses({ ...common, ...responses }),
  });
}

function toHeader({ name, description, type, format, required }: HeaderParameter): Header[] {
  if (name === undefined) return [];
  return [{ name, ...set({ description, type: type?.toLowerCase(), format, required }) } as Header];
}

/** `option (…openapiv2_schema)` of a message, `option (…openapiv2_enum)` of an enum. */
export function readGatewaySchema(desc: DescMessage | DescEnum): SchemaOptions {
  if (desc.kind === "enum") {
    const schema = readForeignValue<Enum>(desc, gatewayOption("enum"));
    if (schema === undefined) return {};
    const { title, description, externalDocs } = schema;
    const example = toEnumExample(desc, parseText(schema.example));
    return set({ title, description, example, externalDocs: toDocs(externalDocs) });
  }
  const schema = readSchema(desc);
  if (schema === undefined) return {};
  const { jsonSchema: { title, description, readOnly, example: inner } = {}, externalDocs } = schema;
  return set({
    title,
    description,
    readOnly: schema.readOnly ?? readOnly,
    example: toMessageExample(desc, parseText(schema.example ?? inner)),
    externalDocs: toDocs(externalDocs),
  });
}

function readSchema(message: DescMessage): Schema | undefined {
  return readForeignValue<Schema>(message, gatewayOption("schema"));
}

/** `[(…openapiv2_field)]`, and the required fields in the schema of its message. */
export function readGatewayField(field: DescField): FieldOptions {
  const schema = readForeignValue<JsonSchema>(field, gatewayOption("field"));
  const names = [...(readSchema(field.parent)?.jsonSchema?.required ?? []), ...(schema?.required ?? [])];
  const required = names.includes(field.name) || names.includes(field.jsonName);
  if (schema === undefined) return set({ required });
  const { title, description, readOnly, fieldConfiguration } = schema;
  return set({
    title,
    description,
    example: toFieldExample(field, parseText(schema.example), schema.example),
    default: toFieldExample(field, parseText(schema.default), schema.default),
    format: toFormat(field, schema),
    required,
    readOnly,
    deprecated: fieldConfiguration?.deprecated,
    keywords: toKeywords(field, schema),
  });
}
