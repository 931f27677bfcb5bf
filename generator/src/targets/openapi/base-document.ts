import { load } from "js-yaml";
import type { oas32 } from "openapi3-ts";
import { OptionError } from "../index.js";

/** What users give for the parts of a document that no contract says: any part of an OpenAPI document. */
export type BaseDocument = Partial<oas32.OpenAPIObject>;

/** Reads a base document, in YAML or JSON. An empty text is an empty document. */
export function readBaseDocument(text: string): BaseDocument {
  if (text.trim() === "") return {};
  let document: unknown;
  try {
    document = load(text);
  } catch (cause) {
    throw new OptionError(`the base document is neither YAML nor JSON: ${(cause as Error).message}`, { cause });
  }
  if (typeof document !== "object" || document === null || Array.isArray(document))
    throw new OptionError("the base document is not an object: expected parts of an OpenAPI document");
  return document;
}

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

function mergeDeep(base: object, own: object): { [name: string]: never } {
  const names = new Set([...Object.keys(base), ...Object.keys(own)]);
  const [left, right] = [base, own] as { readonly [name: string]: unknown }[];
  return Object.fromEntries(
    [...names].map((name) => {
      const [a, b] = [left?.[name], right?.[name]];
      return [name, isObject(a) && isObject(b) ? mergeDeep(a, b) : (b ?? a)];
    }),
  ) as { [name: string]: never };
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
