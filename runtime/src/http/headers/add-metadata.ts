import type { ReadonlyMetadata } from "../../cqrs/index.js";
import type { HttpFields, HttpResponse } from "../http.js";

/** Groups metadata by name. Names that `taken` has are left out: what a transport sends itself cannot be replaced. */
export function toFields(metadata: ReadonlyMetadata, taken: HttpFields = {}): Record<string, string | string[]> {
  const fields: Record<string, string | string[]> = {};
  for (const [name, value] of metadata) {
    if (name in taken) continue;
    const known = fields[name];
    if (known === undefined) fields[name] = value;
    else fields[name] = typeof known === "string" ? [known, value] : [...known, value];
  }
  return fields;
}

/** Adds the headers that a handler has set to a response, if it has set any. */
export function addMetadata(response: HttpResponse, metadata: ReadonlyMetadata | undefined): HttpResponse {
  if (metadata === undefined) return response;
  return { ...response, headers: { ...response.headers, ...toFields(metadata, response.headers) } };
}
