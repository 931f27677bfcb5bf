import { JSON_SCHEMA, load } from "js-yaml";
import type { oas32 } from "openapi3-ts";
import { set } from "../set.js";

/** A map, which gnostic represents as a list. */
export interface Named<T> {
  readonly additionalProperties?: readonly NamedItem<T>[];
}

export interface NamedItem<T> {
  readonly name?: string;
  readonly value?: T;
}

export function byName<T>(named: Named<T> | undefined): { [name: string]: T } {
  const items = named?.additionalProperties ?? [];
  return Object.fromEntries(
    items.flatMap(({ name, value }) => (name === undefined || value === undefined ? [] : [[name, value]])),
  );
}

export type Security = Named<{ readonly value?: readonly string[] }>;

/** A requirement without schemes makes authorization optional. */
export function toSecurity({ additionalProperties = [] }: Security): oas32.SecurityRequirementObject {
  const schemes = additionalProperties.flatMap(({ name, value }) =>
    name === undefined ? [] : [[name, [...(value?.value ?? [])]]],
  );
  return Object.fromEntries(schemes) as oas32.SecurityRequirementObject;
}

export function toDocs(
  docs: Partial<oas32.ExternalDocumentationObject> | undefined,
): oas32.ExternalDocumentationObject | undefined {
  return docs?.url === undefined ? undefined : { url: docs.url, ...set({ description: docs.description }) };
}

/** Any value, as YAML text. */
export interface Yaml {
  readonly yaml?: string;
}

/** Parses YAML. Invalid YAML is ignored. */
export function parseYaml(value: Yaml | undefined): unknown {
  if (value?.yaml === undefined) return undefined;
  try {
    return load(value.yaml, { schema: JSON_SCHEMA });
  } catch {
    return undefined;
  }
}
