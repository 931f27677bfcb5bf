import type { oas32 } from "openapi3-ts";
import type { HttpBindingModel, MethodModel, OperationOptions } from "../../../model/index.js";
import type { Components } from "./components.js";
import { toHeaderObject } from "./headers.js";
import { pathParameter, queryParameters } from "./parameters.js";
import type { DocumentPath } from "./path.js";
import { buildRequestBody } from "./request-body.js";
import { buildResponses } from "./responses.js";
import { wordsOf } from "./summaries.js";

/** One binding of a method, and where it stands in a document. */
export interface Endpoint {
  readonly method: MethodModel;
  readonly binding: HttpBindingModel;
  readonly path: DocumentPath;
  readonly operationId: string;
  /** The tag of its service. */
  readonly tag: string;
}

/** The operation of one binding. `security`: what the document asks for where nobody says otherwise. */
export function buildOperation(
  { method, binding, path, operationId, tag }: Endpoint,
  components: Components,
  security: readonly oas32.SecurityRequirementObject[],
): oas32.OperationObject {
  const { desc } = method;
  const options = components.facts.operation(desc);
  const service = components.facts.service(desc.parent);
  const words = wordsOf(desc);
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
    said: options.responses ?? {},
    secured: asksForAnything(own ?? security),
    hasPathParameters: path.parameters.length > 0,
  };
  const description = options.description ?? words.description;
  return {
    tags: options.tags ?? [tag],
    summary: options.summary ?? words.summary,
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

function asksForAnything(security: readonly oas32.SecurityRequirementObject[]): boolean {
  return security.length > 0 && security.every((one) => Object.keys(one).length > 0);
}

const tag = '(W/)?"[!#-~]*"';
const key = "[!#-\\[\\]-~]{1,255}";

/** Headers by which commands of aggregates are made safe to repeat. */
const known: readonly oas32.ParameterObject[] = [
  {
    name: "Idempotency-Key",
    in: "header",
    description: "The id of the command: it is carried out once, and answered the same ever after.",
    // Bare, or as the string of a structured field.
    schema: { type: "string", pattern: `^(${key}|"${key}")$` },
  },
  {
    name: "If-Match",
    in: "header",
    description: "The version that the aggregate must have, as `ETag` gave it; `*`: whichever.",
    // The tags of RFC 9110; the API answers 412 where none of them is a version.
    schema: { type: "string", pattern: `^(\\*|${tag}( *, *${tag})*)$` },
  },
];

function headerParameters(
  { role }: MethodModel,
  { requestHeaders = [] }: OperationOptions,
  components: Components,
): (oas32.ParameterObject | oas32.ReferenceObject)[] {
  // Names of headers know no case, and a document has each parameter once.
  const named = new Map(requestHeaders.map((header) => [header.name.toLowerCase(), header]));
  const own = [...named.values()].map(
    (header): oas32.ParameterObject => ({ name: header.name, in: "header", ...toHeaderObject(header) }),
  );
  if (role.kind !== "command" || role.target === undefined) return own;
  const said = new Set(own.map(({ name }) => name.toLowerCase()));
  const rest = known.filter(({ name }) => !said.has(name.toLowerCase()));
  return [...rest.map((parameter) => components.parameter(parameter.name, () => parameter)), ...own];
}
