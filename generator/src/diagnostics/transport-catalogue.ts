import { error, warning } from "./entry.js";

/** The diagnostics of HTTP bindings, OpenAPI and GraphQL: their messages and hints, by code. */
export const transportCatalogue = {
  "http-template": error(
    (template: string, reason: string) => `invalid path template "${template}": ${reason}`,
    () => "use the syntax of google.api.http, such as /v1/{name=shelves/*}:archive",
  ),
  "http-unbound-variable": error(
    (variable: string, reason: string, _suggestion: string) =>
      `the path variable "${variable}" cannot be bound: ${reason}`,
    (_variable, _reason, suggestion) => (suggestion === "" ? undefined : `did you mean "${suggestion}"?`),
  ),
  "http-body": error(
    (body: string, request: string, _suggestion: string) => `"body" names the unknown field "${body}" of ${request}`,
    (_body, _request, suggestion) =>
      suggestion === "" ? 'use "*" or a field of the request' : `did you mean "${suggestion}"?`,
  ),
  "http-response-body": error(
    (body: string, response: string, _suggestion: string) =>
      `"response_body" names the unknown field "${body}" of ${response}`,
    (_body, _response, suggestion) => (suggestion === "" ? undefined : `did you mean "${suggestion}"?`),
  ),
  "http-get-body": error(
    (rpc: string, method: string) => `${rpc} is bound to ${method} with a body, which browsers and fetch do not send`,
    () => 'remove "body", so that the fields become query parameters; or bind the rpc to POST',
  ),
  "http-duplicate-route": error(
    (route: string, rpc: string, other: string) => `${rpc} and ${other} have the same route ${route}`,
    () => "give one of them another path or HTTP method",
  ),
  "openapi-status": error(
    (rpc: string, status: string) => `${status} is not a valid success status of ${rpc}`,
    () => "use 200, 201, 202 or 204; a streaming rpc always responds with 200",
  ),
  "openapi-example": error(
    (element: string, reason: string) => `"example" of ${element} is not a valid value: ${reason}`,
    () => "write the example as ProtoJSON in a string",
  ),
  "openapi-security": error(
    (scheme: string, element: string, _suggestion: string) =>
      `${element} requires the security scheme "${scheme}", which the document does not declare`,
    (_scheme, _element, suggestion) =>
      suggestion === ""
        ? 'declare it in "security_schemes" of option (potter.v1.openapi_document), or in the base document'
        : `did you mean "${suggestion}"?`,
  ),
  "openapi-name-collision": error(
    (element: string, kind: string, name: string, other: string) =>
      `the ${kind} name "${name}" of ${element} is already taken${other === "" ? "" : `; it is emitted as "${other}"`}`,
    () => "choose another name in its OpenAPI option",
  ),
  "openapi-name": error(
    (element: string, kind: string, name: string) => `"${name}" of ${element} is not a valid ${kind} name`,
    () => 'use letters, digits, ".", "_" and "-" only',
  ),
  "openapi-body": warning(
    (rpc: string, method: string) =>
      `${rpc} has a body with ${method}, which tools ignore in OpenAPI 3.0: generated clients may not send it`,
    () => "use the plugin option version=3.1 or version=3.2, or bind the rpc without a body",
  ),
  "openapi-method": warning(
    (rpc: string, method: string, version: string) =>
      `${rpc} is bound to ${method}, which OpenAPI ${version} cannot express: the document omits this binding`,
    (_rpc, method) =>
      method === "*" ? "bind the rpc to each method that it accepts" : "use the plugin option version=3.2",
  ),
  "graphql-name": error(
    (element: string, name: string) => `"${name}" of ${element} is not a valid GraphQL name`,
    () => 'use letters, digits and "_", without a leading digit or "__"',
  ),
  "graphql-name-collision": error(
    (element: string, name: string, owner: string, other: string) =>
      `the GraphQL name "${name}" of ${element} is already used by ${owner}` +
      (other === "" ? "" : `; it is emitted as "${other}"`),
    () => "choose another name in its GraphQL option",
  ),
  "graphql-option": error(
    (option: string, element: string, reason: string) => `"${option}" of ${element} has no effect: ${reason}`,
    () => "remove it, or fix the reason",
  ),
  "graphql-locked-name": error(
    (element: string, name: string, now: string) =>
      now === ""
        ? `the locked GraphQL name "${name}" of ${element} no longer exists`
        : `the locked GraphQL name "${name}" of ${element} would change to "${now}"`,
    () => "restore the element or set the name in its GraphQL option; or accept the change with potter lock --accept",
  ),
  "graphql-client-stream": warning(
    (rpc: string) => `the request of ${rpc} is a stream, which GraphQL cannot express: the schema omits the rpc`,
    () => "add option (potter.v1.graphql_method) = {ignore: true} to silence this warning",
  ),
} as const;
