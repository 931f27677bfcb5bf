import type { DescFile } from "@bufbuild/protobuf";
import type { oas32 } from "openapi3-ts";
import { readOption } from "../descriptors/index.js";
import * as potter from "../gen/potter/v1/openapi_pb.js";
import { toSecurity, toSecurityScheme } from "./security.js";
import { set } from "./set.js";

/** What a file says of the document it becomes part of. */
export interface DocumentOptions {
  readonly info?: Partial<oas32.InfoObject>;
  readonly servers?: oas32.ServerObject[];
  readonly securitySchemes?: { readonly [name: string]: oas32.SecuritySchemeObject };
  readonly security?: oas32.SecurityRequirementObject[];
  readonly tags?: oas32.TagObject[];
  readonly externalDocs?: oas32.ExternalDocumentationObject;
}

export function readDocumentOptions(file: DescFile): DocumentOptions {
  const options = readOption(file, potter.openapi_document);
  return options === undefined ? {} : toDocumentOptions(options);
}

function toDocumentOptions(options: potter.OpenApiDocument): DocumentOptions {
  const { title, version, summary, description, termsOfService, contact, license, externalDocs } = options;
  return set({
    info: set({
      title,
      version,
      summary,
      description,
      termsOfService,
      contact: contact && set({ name: contact.name, url: contact.url, email: contact.email }),
      license: license && { name: license.name, ...set({ identifier: license.identifier, url: license.url }) },
    }),
    servers: options.servers.map(toServer),
    securitySchemes: Object.fromEntries(
      Object.entries(options.securitySchemes).map(([name, scheme]) => [name, toSecurityScheme(scheme)]),
    ),
    security: options.security.map(toSecurity),
    externalDocs: toExternalDocs(externalDocs),
  });
}

function toServer({ url, description, variables }: potter.OpenApiServer): oas32.ServerObject {
  const entries = Object.entries(variables).map(([name, variable]) => [
    name,
    {
      default: variable.default,
      ...set({ enum: variable.enum, description: variable.description }),
    },
  ]);
  return { url, ...set({ description, variables: Object.fromEntries(entries) as oas32.ServerObject["variables"] }) };
}

export function toExternalDocs(
  docs: potter.OpenApiExternalDocs | undefined,
): oas32.ExternalDocumentationObject | undefined {
  return docs && { url: docs.url, ...set({ description: docs.description }) };
}
