import { toPhrase, toStatus } from "@potter/runtime/codegen/statuses";
import type { oas32 } from "openapi3-ts";
import type { Schema } from "../../../json-schema/index.js";
import type { ErrorModel, HttpBindingModel, MethodModel, OpenApiHeader } from "../../../model/index.js";
import type { Components } from "./components.js";
import { toHeaderObject } from "./headers.js";
import { declaredProblemSchema, problemSchema } from "./problems.js";
import { standaloneSchema } from "./standalone-schema.js";
import { canWait, isAwaited, pendingResponse, retryLater, withWait } from "./waits.js";

type Response = oas32.ResponseObject;

/** The status of a command whose effects are pending. */
const pendingStatus = 202;
/** The status of a call whose read models are not there in time, or beside which too many calls wait. */
const unavailable = 503;

/** Facts about the responses of a method, in addition to its response type. */
export interface ResponseFacts {
  readonly headers: readonly OpenApiHeader[];
  /** Descriptions from options, by status or for `default`. */
  readonly descriptions: { readonly [status: string]: string };
  /** Whether callers must be authorized. */
  readonly secured: boolean;
  readonly hasPathParameters: boolean;
}

/** Builds the responses of a binding, by status. */
export function buildResponses(
  method: MethodModel,
  binding: HttpBindingModel,
  facts: ResponseFacts,
  components: Components,
): oas32.ResponsesObject {
  const statuses = new Map<number, { readonly errors: ErrorModel[]; plain: boolean }>();
  const at = (status: number) => {
    const found = statuses.get(status) ?? { errors: [], plain: false };
    statuses.set(status, found);
    return found;
  };
  for (const status of plainStatuses(method, facts)) at(status).plain = true;
  const waits = canWait(method, components);
  if (waits) at(unavailable).plain = true;
  if (method.role.kind === "command") {
    for (const error of method.role.errors) {
      const response = at(toStatus(error.code as never));
      if (components.audience.hidesType(error.desc)) response.plain = true;
      else response.errors.push(error);
    }
  }
  // Options can add only error responses, which are all problems. The success response follows from the method.
  for (const status of Object.keys(facts.descriptions)) if (/^[45]\d\d$/.test(status)) at(Number(status)).plain = true;
  const problems = [...statuses].sort(([a], [b]) => a - b);
  return {
    ...successes(method, binding, facts, components),
    ...Object.fromEntries(
      problems.map(([status, { errors, plain }]) => [
        `${status}`,
        problem(
          toPhrase(status),
          facts.descriptions[status],
          errors,
          plain,
          components,
          waits && status === unavailable ? retryLater(components) : undefined,
        ),
      ]),
    ),
    default: problem("Any other failure", facts.descriptions["default"], [], true, components),
  };
}

/** Builds the responses to requests that fail with these statuses or in any other way. */
export function buildProblems(statuses: readonly number[], components: Components): oas32.ResponsesObject {
  return {
    ...Object.fromEntries(
      statuses.map((status) => [`${status}`, problem(toPhrase(status), undefined, [], true, components)]),
    ),
    default: problem("Any other failure", undefined, [], true, components),
  };
}

/** The error statuses that follow from the kind of method, without a declaration. */
function plainStatuses({ role }: MethodModel, { secured, hasPathParameters }: ResponseFacts): number[] {
  const target = role.kind === "command" ? role.target : undefined;
  const finds = role.kind === "query" ? hasPathParameters : target !== undefined && target.creates !== true;
  return [
    400,
    ...(secured ? [401, 403] : []),
    ...(finds ? [404] : []),
    // A concurrent write won, or the aggregate to create exists.
    ...(target === undefined ? [] : [409, 412]),
  ];
}

/** Builds an error response. Undeclared and undescribed errors share one component. */
function problem(
  phrase: string,
  described: string | undefined,
  errors: readonly ErrorModel[],
  plain: boolean,
  components: Components,
  headers?: oas32.HeadersObject,
): Response | oas32.ReferenceObject {
  const { schemas, personal } = components;
  const common = () => toProblemResponse(phrase, problemSchema(schemas), headers);
  if (errors.length === 0 && described === undefined)
    return components.response(phrase.toLowerCase().replaceAll(" ", "-"), common);
  const branches = errors.map((error) => declaredProblemSchema(schemas, error, personal));
  if (plain) branches.push(problemSchema(schemas));
  const [only = {}, ...more] = branches;
  const names = errors.map(({ desc }) => `\`${desc.name}\``);
  const description = [described ?? phrase, ...(names.length > 0 ? [names.join(", ")] : [])].join(": ");
  return toProblemResponse(description, more.length === 0 ? only : { anyOf: branches }, headers);
}

function toProblemResponse(description: string, schema: Schema, headers?: oas32.HeadersObject): Response {
  return { description, ...(headers && { headers }), content: { "application/problem+json": { schema } } };
}

/** Builds the response of success. A command whose effects are pending has another status. */
function successes(
  method: MethodModel,
  binding: HttpBindingModel,
  facts: ResponseFacts,
  components: Components,
): oas32.ResponsesObject {
  const { status, desc } = method;
  const response = success(method, binding, facts, components);
  if (!isAwaited(method, components)) return { [`${status}`]: response };
  const waited = withWait(response, components);
  if (status === pendingStatus) return { [`${status}`]: pendingResponse(waited, components) };
  const pending = `\`${desc.output.name}\`: the command has taken effect, what \`Potter-Wait-For\` names is pending`;
  const description = facts.descriptions[pendingStatus] ?? pending;
  return {
    [`${status}`]: waited,
    [`${pendingStatus}`]: pendingResponse({ ...response, description }, components),
  };
}

function success(
  method: MethodModel,
  binding: HttpBindingModel,
  facts: ResponseFacts,
  { schemas, version }: Components,
): Response {
  const { desc, status } = method;
  const headers = responseHeaders(method, facts.headers);
  const described = facts.descriptions[status];
  const description = `\`${desc.output.name}\``;
  const base: Response = { description: described ?? description, ...(Object.keys(headers).length > 0 && { headers }) };
  if (status === 204) return { ...base, description: described ?? "Success without a response body" };
  const field = desc.output.fields.find(({ name }) => name === binding.responseBody);
  const type = field?.fieldKind === "message" ? field.message : field === undefined ? desc.output : undefined;
  if (type?.typeName === "google.api.HttpBody") return { ...base, content: { "*/*": {} } };
  const schema =
    field === undefined
      ? schemas.message(desc.output, "output")
      : standaloneSchema(field, schemas.referencesOf("output"));
  if (method.stream !== "server") return { ...base, content: { "application/json": { schema } } };
  return {
    ...base,
    description: described ?? `A stream of \`${desc.output.name}\`, each the data of a server-sent event`,
    // Before 3.2 the schema is that of the data of each event, which is what client generators expect.
    content: { "text/event-stream": version === "3.2" ? { itemSchema: eventSchema(schema) } : { schema } },
  };
}

/** A server-sent event as OpenAPI 3.2 describes it: its fields, of which `data` contains JSON text. */
function eventSchema(item: Schema): Schema {
  return {
    type: "object",
    properties: {
      data: { type: "string", contentMediaType: "application/json", contentSchema: item },
      event: {
        type: "string",
        description: "Absent: an item. `end`: there are no more. `error`: the data is a problem.",
      },
      id: { type: "string" },
    },
    required: ["data"],
  };
}

function responseHeaders({ role }: MethodModel, own: readonly OpenApiHeader[]): oas32.HeadersObject {
  const target = role.kind === "command" && role.target !== undefined;
  return {
    ...(target && {
      ETag: { description: "The version of the aggregate, for `If-Match`.", schema: { type: "string" as const } },
    }),
    ...Object.fromEntries(own.map((header) => [header.name, toHeaderObject(header)])),
  };
}
