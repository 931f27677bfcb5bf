import type { Schema, Schemas } from "../../../json-schema/index.js";

// The schemas of frames, in JSON Schema draft-07. Names of components are no names of proto messages.

const string: Schema = { type: "string" };
const integer: Schema = { type: "integer" };

/** The id of a request. */
const frameId: Schema = { type: ["string", "integer"] };

/** A request: `params` are those of the method. */
export function requestSchema(method: string, params: readonly Schema[], required: number): Schema {
  return frame({ id: frameId, method: { const: method }, params: list(params, required) }, [
    "id",
    "method",
    ...(required > 0 ? ["params"] : []),
  ]);
}

/** A request without params. */
export function bareRequestSchema(method: string): Schema {
  return frame({ id: frameId, method: { const: method } }, ["id", "method"]);
}

/** A notification. */
export function notificationSchema(method: string, params: readonly Schema[], required = params.length): Schema {
  return frame({ method: { const: method }, params: list(params, required) }, ["method", "params"]);
}

/** A notification about a call, whose id is its first parameter. */
export function callNotificationSchema(method: string, ...more: readonly Schema[]): Schema {
  return notificationSchema(method, [frameId, ...more]);
}

/** An item of a stream. Those of the server may have a position. */
export function itemSchema(message: Schema, hasPosition: boolean): Schema {
  return notificationSchema("$/item", [frameId, message, ...(hasPosition ? [string] : [])], 2);
}

/** The answer to a request. */
export function answerSchema(result: Schema): Schema {
  return frame({ id: frameId, result }, ["id", "result"]);
}

/** The answer to a call. `response`: absent for a stream of responses, whose items precede it. */
export function resultSchema(response: Schema | undefined, schemas: Schemas): Schema {
  const headers = headersSchema(schemas);
  if (response === undefined) return answerSchema(object({ headers, trailers: headers }));
  const properties = { response, version: integer, headers, trailers: headers };
  return answerSchema(object(properties, ["response"]));
}

/** The answer to a request that has failed. */
export function errorSchema(schemas: Schemas): Schema {
  const data = schemas.add("potter-problem", () => problem);
  const error = object({ code: integer, message: string, data }, ["code", "message"]);
  return frame({ id: { type: ["string", "integer", "null"] }, error }, ["id", "error"]);
}

/** What a client sends with a request in addition to the message. */
export function metadataSchema(schemas: Schemas): Schema {
  const headers = headersSchema(schemas);
  return schemas.add("potter-call-metadata", () =>
    object({
      commandId: { type: "string", minLength: 1, maxLength: 255, description: "The idempotency key of a command." },
      expectedVersion: {
        description: "The version of the aggregate, a list of them, or any.",
        anyOf: [integer, { type: "array", items: integer }, { const: "any" }],
      },
      timeout: { type: "number", description: "Milliseconds.", exclusiveMinimum: 0 },
      correlationId: { type: "string", minLength: 1, maxLength: 128 },
      after: { type: "string", description: "The position after which a stream resumes." },
      credit: { type: "integer", minimum: 1, description: "Items of a stream that the server may send ahead." },
      headers,
    }),
  );
}

/** The result of `$/open`. */
export const openedSchema: Schema = object(
  {
    session: string,
    heartbeat: integer,
    maxMessageSize: integer,
    calls: integer,
    credit: integer,
    expires: { type: "string", format: "date-time" },
  },
  ["session", "heartbeat", "maxMessageSize", "calls", "credit"],
);

/** The result of `$/auth`. */
export const renewedSchema: Schema = object({ expires: { type: "string", format: "date-time" } });

/** The params of `$/open` and `$/auth`. */
export const credentialsSchema: Schema = { type: "object", properties: { token: string, tenant: string } };

/** The params of `$/goaway`. */
export const goAwaySchema: Schema = object({ reason: string, retryAfter: integer }, ["reason", "retryAfter"]);

/** The number of items of `$/credit`. */
export const creditSchema: Schema = { type: "integer", minimum: 1, maximum: 2 ** 31 - 1 };

export const positionSchema: Schema = string;

function headersSchema(schemas: Schemas): Schema {
  return schemas.add("potter-headers", () => ({
    type: "object",
    additionalProperties: { anyOf: [string, { type: "array", items: string }] },
  }));
}

const detail: Schema = { type: "object", properties: { "@type": string }, required: ["@type"] };

const problem: Schema = {
  type: "object",
  description: "A problem of RFC 9457.",
  properties: {
    type: string,
    title: string,
    status: integer,
    detail: string,
    code: string,
    correlationId: string,
    violations: {
      type: "array",
      items: {
        type: "object",
        properties: { in: string, field: string, rule: string, message: string },
        required: ["in", "field", "rule", "message"],
      },
    },
    error: detail,
    details: { type: "array", items: detail },
    retryAfter: { type: "integer", description: "Milliseconds." },
    unprocessed: { type: "boolean", description: "Whether the call was certainly not begun." },
  },
  required: ["type", "title", "status", "code"],
};

function frame(properties: Readonly<Record<string, Schema>>, required: readonly string[]): Schema {
  return object({ jsonrpc: { const: "2.0" }, ...properties }, ["jsonrpc", ...required]);
}

function object(properties: Readonly<Record<string, Schema>>, required: readonly string[] = []): Schema {
  return { type: "object", properties, ...(required.length > 0 && { required: [...required] }) };
}

function list(items: readonly Schema[], required: number): Schema {
  return { type: "array", items, minItems: required, maxItems: items.length };
}
