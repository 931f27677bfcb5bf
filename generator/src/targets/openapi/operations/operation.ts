import type { oas32 } from "openapi3-ts";
import type { HttpBindingModel, MethodModel, OpenApiOperationOptions } from "../../../model/index.js";
import type { Components } from "./components.js";
import { toHeaderObject } from "./headers.js";
import { pathParameter, queryParameters } from "./parameters.js";
import type { DocumentPath } from "./path.js";
import { buildRequestBody } from "./request-body.js";
import { buildResponses } from "./responses.js";
import { summarize } from "./summaries.js";
import { waitParameters } from "./waits.js";

/** One binding of a method, and its path and tag in the document. */
export interface Endpoint {
  readonly method: MethodModel;
  readonly binding: HttpBindingModel;
  readonly path: DocumentPath;
  readonly operationId: string;
  /** The tag of the service. */
  readonly tag: string;
}

/** Builds the operation of a binding. `security`: the default requirements of the document. */
export function buildOperation(
  { method, binding, path, operationId, tag }: Endpoint,
  components: Components,
  security: readonly oas32.SecurityRequirementObject[],
): oas32.OperationObject {
  const { desc } = method;
  const options = components.facts.operation(desc);
  const service = components.facts.service(desc.parent);
  const summary = summarize(desc);
  const own = options.security ?? service.security;
  const references = components.schemas.referencesOf("input");
  const bound = path.parameters.flatMap(({ field }) => (field === undefined ? [] : [field]));
  const inBody = binding.body === undefined || binding.body === "*" ? [] : [[binding.body]];
  const parameters = [
    ...path.parameters.map((parameter) => pathParameter(desc.input, parameter, references)),
    ...(binding.body === "*" ? [] : queryParameters(desc.input, [...bound, ...inBody], references)),
    ...headerParameters(method, options, components),
  ];
  const requestBody = buildRequestBody(method, binding, bound, components.schemas);
  const facts = {
    headers: options.responseHeaders ?? [],
    descriptions: options.responses ?? {},
    secured: requiresAuthorization(own ?? security),
    hasPathParameters: path.parameters.length > 0,
  };
  const description = options.description ?? summary.description;
  return {
    tags: options.tags ?? [tag],
    summary: options.summary ?? summary.summary,
    ...(description !== undefined && { description }),
    ...(options.externalDocs && { externalDocs: options.externalDocs }),
    operationId,
    ...(parameters.length > 0 && { parameters }),
    ...(requestBody && { requestBody }),
    responses: buildResponses(method, binding, facts, components),
    ...((desc.deprecated || desc.parent.deprecated || options.deprecated === true) && { deprecated: true }),
    ...(own && { security: own }),
  };
}

/** Whether callers must be authorized, by the security requirements of an operation. */
export function requiresAuthorization(security: readonly oas32.SecurityRequirementObject[]): boolean {
  return security.length > 0 && security.every((one) => Object.keys(one).length > 0);
}

const tag = '(W/)?"[!#-~]*"';
const key = "[!#-\\[\\]-~]{1,255}";

/** Headers that make commands of aggregates safe to retry. */
const known: readonly oas32.ParameterObject[] = [
  {
    name: "Idempotency-Key",
    in: "header",
    description: "The id of the command: it is executed once, and a repetition gets the recorded response.",
    // Bare, or as a string of structured fields (RFC 9651).
    schema: { type: "string", pattern: `^(${key}|"${key}")$` },
  },
  {
    name: "If-Match",
    in: "header",
    description: "The version that the aggregate must have, as returned in `ETag`; `*`: any version.",
    // Entity tags of RFC 9110. The API responds with 412 if none of them is a version.
    schema: { type: "string", pattern: `^(\\*|${tag}( *, *${tag})*)$` },
  },
];

function headerParameters(
  method: MethodModel,
  { requestHeaders = [] }: OpenApiOperationOptions,
  components: Components,
): (oas32.ParameterObject | oas32.ReferenceObject)[] {
  // Header names are case-insensitive, and a document has each parameter once.
  const byName = new Map(requestHeaders.map((header) => [header.name.toLowerCase(), header]));
  const own = [...byName.values()].map(
    (header): oas32.ParameterObject => ({ name: header.name, in: "header", ...toHeaderObject(header) }),
  );
  const { role } = method;
  const ofAggregates = role.kind === "command" && role.target !== undefined ? known : [];
  const served = [
    ...ofAggregates.map((one) => ({ name: one.name, refer: () => components.parameter(one.name, () => one) })),
    ...waitParameters(method, components),
  ];
  return [...served.filter(({ name }) => !byName.has(name.toLowerCase())).map((one) => one.refer()), ...own];
}
