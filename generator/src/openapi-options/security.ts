import type { oas32 } from "openapi3-ts";
import {
  OpenApiKeyPlace,
  type OpenApiOAuth2,
  type OpenApiOAuthFlow,
  type OpenApiSecurity,
  type OpenApiSecurityScheme,
} from "../gen/potter/v1/openapi_pb.js";
import { set } from "./set.js";

const places: Readonly<Record<OpenApiKeyPlace, string>> = {
  [OpenApiKeyPlace.UNSPECIFIED]: "header",
  [OpenApiKeyPlace.HEADER]: "header",
  [OpenApiKeyPlace.QUERY]: "query",
  [OpenApiKeyPlace.COOKIE]: "cookie",
};

/** A way to be let in. One that says no type is HTTP's `bearer`. */
export function toSecurityScheme({ description, type }: OpenApiSecurityScheme): oas32.SecuritySchemeObject {
  const told = set({ description });
  switch (type.case) {
    case "apiKey":
      return { type: "apiKey", ...told, name: type.value.name, in: places[type.value.in] };
    case "http":
      return { type: "http", ...told, scheme: type.value.scheme, ...set({ bearerFormat: type.value.bearerFormat }) };
    case "oauth2":
      return { type: "oauth2", ...told, flows: toFlows(type.value) };
    case "openIdConnectUrl":
      return { type: "openIdConnect", ...told, openIdConnectUrl: type.value };
    case "mutualTls":
      return { type: "mutualTLS", ...told };
    default:
      return { type: "http", ...told, scheme: "bearer" };
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
