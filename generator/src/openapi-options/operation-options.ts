import type { DescMethod, DescService } from "@bufbuild/protobuf";
import type { oas32 } from "openapi3-ts";
import { readOption } from "../descriptors/index.js";
import * as potter from "../gen/potter/v1/openapi_pb.js";
import { toExternalDocs } from "./document-options.js";
import { toSecurity } from "./security.js";
import { set } from "./set.js";

/** What a service says of its operations. */
export interface ServiceOptions {
  readonly tag?: string;
  readonly description?: string;
  readonly externalDocs?: oas32.ExternalDocumentationObject;
  readonly security?: oas32.SecurityRequirementObject[];
  readonly hidden?: boolean;
}

/** A header whose value is a string. */
export interface Header {
  readonly name: string;
  readonly description?: string;
  readonly required?: boolean;
  readonly example?: string;
}

/** What an rpc says of its operation. */
export interface OperationOptions {
  readonly operationId?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: string[];
  readonly security?: oas32.SecurityRequirementObject[];
  readonly requestHeaders?: Header[];
  readonly responseHeaders?: Header[];
  readonly externalDocs?: oas32.ExternalDocumentationObject;
  readonly hidden?: boolean;
  readonly deprecated?: boolean;
}

export function readServiceOptions(service: DescService): ServiceOptions {
  const options = readOption(service, potter.openapi_service);
  if (options === undefined) return {};
  const { tag, externalDocs, security, hidden } = options;
  return set({ tag, externalDocs: toExternalDocs(externalDocs), security: security.map(toSecurity), hidden });
}

export function readOperationOptions(method: DescMethod): OperationOptions {
  const options = readOption(method, potter.openapi_operation);
  if (options === undefined) return {};
  const { operationId, summary, description, tags, security, requestHeaders, responseHeaders, hidden } = options;
  return set({
    operationId,
    summary,
    description,
    tags,
    security: security.map(toSecurity),
    requestHeaders: requestHeaders.map(toHeader),
    responseHeaders: responseHeaders.map(toHeader),
    externalDocs: toExternalDocs(options.externalDocs),
    hidden,
  });
}

function toHeader({ name, description, required, example }: potter.OpenApiHeader): Header {
  return { name, ...set({ description, required, example }) };
}
