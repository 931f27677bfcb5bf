import type { oas32 } from "openapi3-ts";
import { mergeDeep } from "../../documents/index.js";

/** A base document from the user: any part of an OpenAPI document. */
export type BaseDocument = Partial<oas32.OpenAPIObject>;

/** Merges a document into a base. The document wins in content, the base in presentation and servers. */
export function mergeIntoBase(base: BaseDocument, document: oas32.OpenAPIObject): oas32.OpenAPIObject {
  const { openapi: _version, info, paths, components, tags = [], ...rest } = base;
  const named = new Set(tags.map(({ name }) => name));
  return {
    ...document,
    ...rest,
    info: { ...document.info, ...info },
    tags: [...tags, ...(document.tags ?? []).filter(({ name }) => !named.has(name))],
    paths: mergeDeep(paths ?? {}, document.paths ?? {}),
    components: mergeDeep(components ?? {}, document.components ?? {}),
  };
}
