import type { oas32 } from "openapi3-ts";
import {
  OpenApiKeyLocation,
  type OpenApiOAuth2,
  type OpenApiOAuthFlow,
  type OpenApiSecurity,
  type OpenApiSecurityScheme,
} from "../gen/potter/v1/openapi_pb.js";
import { set } from "./set.js";

const locations: Readonly<Record<OpenApiKeyLocation, string>> = {
  [OpenApiKeyLocation.UNSPECIFIED]: "header",
  [OpenApiKeyLocation.HEADER]: "header",
  [OpenApiKeyLocation.QUERY]: "query",
  [OpenApiKeyLocation.COOKIE]: "cookie",
};

/** A security scheme. Without a type it is HTTP `bearer`. */
export function toSecurityScheme({ description, type }: OpenApiSecurityScheme): oas32.SecuritySchemeObject {
  const common = set({ description });
  switch (type.case) {
    case "apiKey":
      return { type: "apiKey", ...common, name: type.value.name, in: locations[type.value.in] };
    case "http":
      return { type: "http", ...common, scheme: type.value.scheme, ...set({ bearerFormat: type.value.bearerFormat }) };
    case "oauth2":
      return { type: "oauth2", ...common, flows: toFlows(type.value) };
    case "openIdConnectUrl":
      return { type: "openIdConnect", ...common, openIdConnectUrl: type.value };
    case "mutualTls":
      return { type: "mutualTLS", ...common };
    default:
      return { type: "http", ...common, scheme: "bearer" };
  }
}

function toFlows({ authorizationCode, clientCredentials, implicit, password }: OpenApiOAuth2): oas32.OAuthFlowsObject {
  return set({
    authorizationCode: toFlow(authorizationCode),
    clientCredentials: toFlow(clientCredentials),
    implicit: toFlow(implicit),
    password: toFlow(password),
  });
}

function toFlow(flow: OpenApiOAuthFlow | undefined): oas32.OAuthFlowObject | undefined {
  if (flow === undefined) return undefined;
  const { authorizationUrl, tokenUrl, refreshUrl, scopes } = flow;
  return { ...set({ authorizationUrl, tokenUrl, refreshUrl }), scopes };
}

export function toSecurity({ schemes }: OpenApiSecurity): oas32.SecurityRequirementObject {
  return Object.fromEntries(schemes.map(({ scheme, scopes }) => [scheme, scopes]));
}
