import type { oas32 } from "openapi3-ts";
import type { OpenApiOptions } from "../selection/index.js";
import { toSchema30 } from "./schema-3-0.js";

/** Translates a document to an older version. What that version lacks is approximated. */
export function toVersion(document: oas32.OpenAPIObject, version: OpenApiOptions["version"]): object {
  if (version === "3.2") return document;
  return version === "3.1" ? { ...document, openapi: "3.1.1" } : { ...to30(document), openapi: "3.0.3" };
}

type Json = unknown;
type JsonObject = { readonly [name: string]: Json };

function to30(document: oas32.OpenAPIObject): object {
  const {
    info,
    components = {},
    paths = {},
    webhooks: _webhooks,
    jsonSchemaDialect: _dialect,
    $self: _self,
    ...rest
  } = document;
  const { schemas = {}, securitySchemes, pathItems: _items, mediaTypes: _media, ...others } = components;
  const { summary: _summary, license, ...about } = info;
  const schemes = Object.entries(securitySchemes ?? {}).filter(
    ([, scheme]) => !("type" in scheme) || scheme.type !== "mutualTLS",
  );
  return {
    ...rest,
    info: { ...about, ...(license && { license: toLicense30(license) }) },
    paths: mapSchemas(paths),
    components: {
      ...(mapSchemas(others) as object),
      schemas: mapEntries(schemas, (_name, schema) => toSchema30(schema as object)),
      ...(schemes.length > 0 && { securitySchemes: Object.fromEntries(schemes) }),
    },
  };
}

function toLicense30({ identifier, ...license }: oas32.LicenseObject): oas32.LicenseObject {
  return identifier === undefined ? license : { ...license, url: `https://spdx.org/licenses/${identifier}.html` };
}

/** Rewrites the schemas of parameters, headers and media types. A media type without a schema is binary. */
function mapSchemas(value: Json): Json {
  if (Array.isArray(value)) return value.map(mapSchemas);
  if (!isObject(value)) return value;
  return mapEntries(value, (name, one) => {
    if (name === "schema" && isObject(one)) return toSchema30(one);
    if (name === "content" && isObject(one)) {
      return mapEntries(one, (_type, media) =>
        isObject(media) && Object.keys(media).length === 0
          ? { schema: { type: "string", format: "binary" } }
          : mapSchemas(media),
      );
    }
    return mapSchemas(one);
  });
}

function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function mapEntries(object: object, map: (name: string, value: Json) => Json): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, map(name, value)]));
}
