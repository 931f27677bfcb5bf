import type { DescFile } from "@bufbuild/protobuf";
import type { oas32 } from "openapi3-ts";
import { readOption } from "../descriptors/index.js";
import * as potter from "../gen/potter/v1/openapi_pb.js";
import { readGatewayDocument, readGnosticDocument } from "./external/index.js";
import type { DocumentOptions } from "./options.js";
import { toSecurity, toSecurityScheme } from "./security.js";
import { firstSet, set } from "./set.js";

/** The document options of a file. Where several set the same, Potter wins, then gnostic and grpc-gateway. */
export function readDocumentOptions(file: DescFile): DocumentOptions {
  const own = readOption(file, potter.openapi_document);
  const external = [readGnosticDocument(file), readGatewayDocument(file)].map(withValidNames);
  const all = [own && toDocumentOptions(own), ...external];
  return set({
    ...firstSet<DocumentOptions>(...all),
    info: firstSet<NonNullable<DocumentOptions["info"]>>(...all.map((one) => one?.info)),
    securitySchemes: firstSet<NonNullable<DocumentOptions["securitySchemes"]>>(
      ...all.map((one) => one?.securitySchemes),
    ),
  });
}

/** Drops security schemes whose names OpenAPI forbids: options of other projects must not make a document invalid. */
function withValidNames({ securitySchemes = {}, ...options }: DocumentOptions): DocumentOptions {
  const named = Object.entries(securitySchemes).filter(([name]) => /^[A-Za-z0-9._-]+$/.test(name));
  return { ...options, securitySchemes: Object.fromEntries(named) };
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
