import type { DescFile } from "@bufbuild/protobuf";
import type { oas32 } from "openapi3-ts";
import { readForeignValue } from "../../descriptors/index.js";
import type { DocumentOptions } from "../options.js";
import { set } from "../set.js";
import { type Docs, gatewayOption, type Responses, type Security, toDocs, toSecurity } from "./grpc-gateway-values.js";

interface Swagger {
  readonly info?: Partial<oas32.InfoObject>;
  readonly host?: string;
  readonly basePath?: string;
  readonly schemes?: readonly string[];
  readonly responses?: Responses;
  readonly securityDefinitions?: { readonly security?: { readonly [name: string]: Scheme } };
  readonly security?: readonly Security[];
  readonly tags?: readonly { readonly name?: string; readonly description?: string; readonly externalDocs?: Docs }[];
  readonly externalDocs?: Docs;
}

interface Scheme {
  readonly type?: string;
  readonly description?: string;
  readonly name?: string;
  readonly in?: string;
  readonly flow?: string;
  readonly authorizationUrl?: string;
  readonly tokenUrl?: string;
  readonly scopes?: { readonly scope?: { readonly [name: string]: string } };
}

/** `option (…openapiv2_swagger)`, in terms of version 3. */
export function readGatewayDocument(file: DescFile): DocumentOptions {
  const swagger = readSwagger(file);
  if (swagger === undefined) return {};
  const { info, securityDefinitions, security = [], tags = [], externalDocs } = swagger;
  const schemes = Object.entries(securityDefinitions?.security ?? {}).flatMap(([name, scheme]) => {
    const common = toScheme(scheme);
    return common === undefined ? [] : [[name, common]];
  });
  return set({
    info: info && toInfo(info),
    servers: toServers(swagger),
    securitySchemes: Object.fromEntries(schemes) as NonNullable<DocumentOptions["securitySchemes"]>,
    security: security.map(toSecurity),
    tags: tags.flatMap(({ name, description, externalDocs: docs }) =>
      name === undefined ? [] : [{ name, ...set({ description, externalDocs: toDocs(docs) }) }],
    ),
    externalDocs: toDocs(externalDocs),
  });
}

/** The responses that a file declares for all its operations. */
export function readGatewayResponses(file: DescFile): Responses {
  return readSwagger(file)?.responses ?? {};
}

function readSwagger(file: DescFile): Swagger | undefined {
  return readForeignValue<Swagger>(file, gatewayOption("swagger"));
}

function toInfo({ title, version, description, termsOfService, contact, license }: Partial<oas32.InfoObject>): object {
  return set({
    title,
    version,
    description,
    termsOfService,
    contact: contact && set({ name: contact.name, url: contact.url, email: contact.email }),
    license: license?.name === undefined ? undefined : { name: license.name, ...set({ url: license.url }) },
  });
}

/** A server for each scheme of the host. Without schemes, `//host` keeps the scheme of the document. */
function toServers({ host, basePath = "", schemes = [] }: Swagger): oas32.ServerObject[] {
  if (host === undefined) return basePath === "" ? [] : [{ url: basePath }];
  const http = schemes.filter((scheme) => scheme === "HTTP" || scheme === "HTTPS");
  if (http.length === 0) return [{ url: `//${host}${basePath}` }];
  return http.map((scheme) => ({ url: `${scheme.toLowerCase()}://${host}${basePath}` }));
}

function toScheme(scheme: Scheme): oas32.SecuritySchemeObject | undefined {
  const { type, description, name, in: location } = scheme;
  const common = set({ description });
  switch (type) {
    case "TYPE_BASIC":
      return { type: "http", ...common, scheme: "basic" };
    case "TYPE_API_KEY":
      return { type: "apiKey", ...common, name: name ?? "", in: location === "IN_QUERY" ? "query" : "header" };
    case "TYPE_OAUTH2":
      return { type: "oauth2", ...common, flows: toFlows(scheme) };
    default:
      return undefined;
  }
}

const flows: { readonly [name: string]: keyof oas32.OAuthFlowsObject } = {
  FLOW_IMPLICIT: "implicit",
  FLOW_PASSWORD: "password",
  FLOW_APPLICATION: "clientCredentials",
  FLOW_ACCESS_CODE: "authorizationCode",
};

function toFlows({ flow = "", authorizationUrl, tokenUrl, scopes }: Scheme): oas32.OAuthFlowsObject {
  const kind = flows[flow];
  if (kind === undefined) return {};
  return { [kind]: { ...set({ authorizationUrl, tokenUrl }), scopes: { ...scopes?.scope } } };
}
