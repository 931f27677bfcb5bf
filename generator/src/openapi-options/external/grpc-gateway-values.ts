import type { oas32 } from "openapi3-ts";
import type { Header } from "../options.js";
import { set } from "../set.js";

/** The option with this name. All options have the same number. */
export function gatewayOption(name: string): { readonly name: string; readonly number: number } {
  return { name: `grpc.gateway.protoc_gen_openapiv2.options.openapiv2_${name}`, number: 1042 };
}

export type Docs = Partial<oas32.ExternalDocumentationObject>;

export function toDocs(docs: Docs | undefined): oas32.ExternalDocumentationObject | undefined {
  return docs?.url === undefined ? undefined : { url: docs.url, ...set({ description: docs.description }) };
}

export interface Security {
  readonly securityRequirement?: { readonly [scheme: string]: { readonly scope?: readonly string[] } };
}

/** A requirement without schemes makes authorization optional. */
export function toSecurity({ securityRequirement = {} }: Security): oas32.SecurityRequirementObject {
  return Object.fromEntries(
    Object.entries(securityRequirement).map(([scheme, { scope = [] }]) => [scheme, [...scope]]),
  );
}

/** Responses by status, or `default`. */
export interface Responses {
  readonly [status: string]: {
    readonly description?: string;
    readonly headers?: { readonly [name: string]: ResponseHeader };
  };
}

interface ResponseHeader {
  readonly description?: string;
  readonly type?: string;
  readonly format?: string;
  readonly default?: string;
}

/** The descriptions of responses, and the headers of successful ones. */
export function toResponses(responses: Responses): {
  readonly responses: { readonly [status: string]: string };
  readonly responseHeaders: Header[];
} {
  const all = Object.entries(responses);
  return {
    responses: Object.fromEntries(
      all.flatMap(([status, { description }]) => (description === undefined ? [] : [[status, description]])),
    ),
    responseHeaders: all.flatMap(([status, { headers = {} }]) =>
      status.startsWith("2") ? Object.entries(headers).map(([name, header]) => toHeader(name, header)) : [],
    ),
  };
}

function toHeader(name: string, { description, type, format }: ResponseHeader): Header {
  return { name, ...set({ description, type, format }) } as Header;
}
