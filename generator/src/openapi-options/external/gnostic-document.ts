import type { DescFile } from "@bufbuild/protobuf";
import type { oas32 } from "openapi3-ts";
import { readForeignValue } from "../../descriptors/index.js";
import type { DocumentOptions } from "../options.js";
import { set } from "../set.js";
import { byName, type Named, type Security, toDocs, toSecurity } from "./gnostic-values.js";

interface Document {
  readonly info?: oas32.InfoObject;
  readonly servers?: readonly Server[];
  readonly components?: { readonly securitySchemes?: Named<{ readonly securityScheme?: Scheme }> };
  readonly security?: readonly Security[];
  readonly tags?: readonly Partial<oas32.TagObject>[];
  readonly externalDocs?: Partial<oas32.ExternalDocumentationObject>;
}

interface Server {
  readonly url?: string;
  readonly description?: string;
  readonly variables?: Named<Partial<oas32.ServerVariableObject>>;
}

interface Scheme extends Omit<Partial<oas32.SecuritySchemeObject>, "flows"> {
  readonly flows?: { readonly [kind: string]: Flow };
}

interface Flow extends Omit<oas32.OAuthFlowObject, "scopes"> {
  readonly scopes?: Named<string>;
}

/** `option (openapi.v3.document)`. Its paths and schemas are ignored, since they follow from the contract. */
export function readGnosticDocument(file: DescFile): DocumentOptions {
  const document = readForeignValue<Document>(file, { name: "openapi.v3.document", number: 1143 });
  if (document === undefined) return {};
  const { info, servers = [], components, security = [], tags = [], externalDocs } = document;
  const schemes = Object.entries(byName(components?.securitySchemes)).flatMap(([name, { securityScheme }]) =>
    securityScheme?.type === undefined ? [] : [[name, toScheme(securityScheme)]],
  );
  return set({
    info: info && toInfo(info),
    servers: servers.map(toServer),
    securitySchemes: Object.fromEntries(schemes) as NonNullable<DocumentOptions["securitySchemes"]>,
    security: security.map(toSecurity),
    tags: tags.flatMap(({ name, description, externalDocs: docs }) =>
      name === undefined ? [] : [{ name, ...set({ description, externalDocs: toDocs(docs) }) }],
    ),
    externalDocs: toDocs(externalDocs),
  });
}

function toInfo({ title, version, summary, description, termsOfService, contact, license }: oas32.InfoObject): object {
  return set({
    title,
    version,
    summary,
    description,
    termsOfService,
    contact: contact && set({ name: contact.name, url: contact.url, email: contact.email }),
    license: license?.name === undefined ? undefined : { name: license.name, ...set({ url: license.url }) },
  });
}

function toServer({ url = "/", description, variables }: Server): oas32.ServerObject {
  const named = Object.entries(byName(variables)).map(([name, variable]) => [
    name,
    { default: variable.default ?? "", ...set({ enum: variable.enum, description: variable.description }) },
  ]);
  return { url, ...set({ description, variables: Object.fromEntries(named) as oas32.ServerObject["variables"] }) };
}

function toScheme({ type, description, name, in: location, scheme, bearerFormat, flows, openIdConnectUrl }: Scheme) {
  const common = { type, ...set({ description, name, in: location, scheme, bearerFormat, openIdConnectUrl }) };
  if (flows === undefined) return common;
  return { ...common, flows: Object.fromEntries(Object.entries(flows).flatMap(([kind, flow]) => toFlow(kind, flow))) };
}

const kinds: readonly string[] = ["authorizationCode", "clientCredentials", "implicit", "password"];

function toFlow(kind: string, { authorizationUrl, tokenUrl, refreshUrl, scopes }: Flow): [string, object][] {
  if (!kinds.includes(kind)) return [];
  return [[kind, { ...set({ authorizationUrl, tokenUrl, refreshUrl }), scopes: byName(scopes) }]];
}
