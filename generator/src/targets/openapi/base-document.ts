import type { oas32 } from "openapi3-ts";
import { mergeDeep } from "../../documents/index.js";

/** What users give for the parts of a document that no contract says: any part of an OpenAPI document. */
export type BaseDocument = Partial<oas32.OpenAPIObject>;

/** The base with a document on it: the document says what it is about, the base how it is presented and reached. */
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
