import type { ExecutionResult, GraphQLSchema } from "graphql";
import {
  HttpError,
  type HttpRequest,
  type HttpResponse,
  type HttpRoutes,
  problemResponse,
  type Transport,
  type TransportHost,
} from "../../http/index.js";
import { Documents, type Operation } from "./documents.js";
import { carryOut, openEvents } from "./execution.js";
import { type MediaType, negotiate, takesEvents } from "./media-type.js";
import type { GraphQLLimits, GraphQLOptions } from "./options.js";
import { refusal } from "./refusal.js";
import { type RequestParams, readParams } from "./request-params.js";
import { createGraphQLSchema, toContext, toGraphQLError } from "./schema/index.js";

const defaults: Required<GraphQLLimits> = {
  depth: 15,
  cost: 50_000,
  listSize: 10,
  aliases: 50,
  tokens: 2_000,
  bodyBytes: 1024 * 1024,
};

const allow = "GET, POST, OPTIONS";

/**
 * Serves queries and mutations by the GraphQL over HTTP specification, subscriptions as server-sent events. Documents are parsed and validated once. Throws if an
 * option is not right.
 */
export function graphql(options: GraphQLOptions): Transport {
  const limits = readLimits(options.limits);
  const path = options.path ?? "/graphql";
  if (!/^(\/[\w.~-]+)+$/.test(path))
    throw new Error(`path is ${JSON.stringify(path)}: expected one such as "/graphql"`);
  const most = checkCount("cachedDocuments", options.cachedDocuments ?? 1_000);
  const mount = (host: TransportHost): HttpRoutes => {
    const schema = options.schema ?? createGraphQLSchema(host, { modules: options.modules }).schema;
    const server = new Server(
      schema,
      new Documents(schema, limits, options.introspection ?? true, most),
      limits,
      options,
      host,
    );
    return (request) => (request.path === path ? server.serve(request) : undefined);
  };
  return { name: "graphql", mount };
}

function readLimits(given: GraphQLLimits = {}): Required<GraphQLLimits> {
  const limits = { ...defaults };
  for (const name of Object.keys(defaults) as (keyof GraphQLLimits)[]) {
    limits[name] = checkCount(`limits.${name}`, given[name] ?? defaults[name]);
  }
  return limits;
}

function checkCount(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new Error(`${name} is ${value}: expected a whole number above 0`);
}

/** What a request is answered with, before it is known in which type. */
interface Answer {
  readonly status: number;
  readonly result: ExecutionResult;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Events {
  readonly events: AsyncIterable<string>;
}

/** Proxies must neither keep nor gather what is meant to arrive at once. */
const eventHeaders = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-store",
  "x-accel-buffering": "no",
};

class Server {
  private readonly schema: GraphQLSchema;
  private readonly documents: Documents;
  private readonly limits: Required<GraphQLLimits>;
  private readonly options: GraphQLOptions;
  private readonly host: TransportHost;

  constructor(
    schema: GraphQLSchema,
    documents: Documents,
    limits: Required<GraphQLLimits>,
    options: GraphQLOptions,
    host: TransportHost,
  ) {
    this.schema = schema;
    this.documents = documents;
    this.limits = limits;
    this.options = options;
    this.host = host;
  }

  async serve(request: HttpRequest): Promise<HttpResponse> {
    const { method, path } = request;
    if (method === "OPTIONS") return { status: 204, headers: { allow } };
    if (method !== "GET" && method !== "POST") {
      const error = new HttpError(405, "unimplemented", `this path answers ${allow}`, { headers: { allow } });
      return problemResponse(error, { instance: path });
    }
    const accept = request.header("accept");
    // Who takes events alone is told in JSON why there are none.
    const type = negotiate(accept) ?? (takesEvents(accept) ? "application/graphql-response+json" : undefined);
    if (type === undefined) {
      const message = "answers are application/graphql-response+json or application/json";
      return problemResponse(new HttpError(406, "invalid_argument", message), { instance: path });
    }
    try {
      const answer = await this.answer(request, type);
      if ("events" in answer) return { status: 200, headers: eventHeaders, body: answer.events };
      const { status, result, headers } = answer;
      return {
        status,
        headers: { ...headers, "content-type": `${type}; charset=utf-8` },
        body: JSON.stringify(result),
      };
    } catch (error) {
      const told = toGraphQLError(error);
      const status = error instanceof HttpError ? error.status : problemResponse(error, { instance: path }).status;
      if (status >= 500) this.host.logger.error("a GraphQL request failed", { path, error });
      const headers = error instanceof HttpError ? error.headers : {};
      return {
        status,
        headers: { ...headers, "content-type": `${type}; charset=utf-8` },
        body: JSON.stringify({ errors: [told] }),
      };
    }
  }

  private async answer(request: HttpRequest, type: MediaType): Promise<Answer | Events> {
    const params = await readParams(request, this.limits.bodyBytes);
    // A client that takes plain JSON is told by the body alone, as ever (GraphQL over HTTP, 6.4.1).
    const refused = type === "application/json" ? 200 : 400;
    const checked = this.documents.check(params.query);
    if (checked.errors !== undefined) return { status: refused, result: { errors: checked.errors } };
    const operation = find(checked.operations, params);
    if (typeof operation === "string") {
      return { status: refused, result: { errors: [refusal("invalid_argument", operation)] } };
    }
    const kind = operation.node.operation;
    if (kind === "subscription" && !takesEvents(request.header("accept"))) {
      throw new HttpError(400, "invalid_argument", "a subscription is answered with text/event-stream: accept it");
    }
    // A link or an image of any page sends a GET.
    if (kind === "mutation" && request.method === "GET") {
      const headers = { allow: "POST" };
      throw new HttpError(405, "unimplemented", "a mutation must be sent by POST", { headers });
    }
    const cost = operation.cost.of(params.variables);
    if (cost > this.limits.cost) {
      const message = `the operation may ask for ${cost} fields, more than ${this.limits.cost}`;
      return { status: refused, result: { errors: [refusal("invalid_argument", message)] } };
    }
    const context = await this.contextOf(request);
    if (kind === "subscription") {
      const opened = await openEvents(this.schema, checked.document, params, context, this.host.logger);
      return Symbol.asyncIterator in opened ? { events: opened } : { status: refused, result: opened };
    }
    const result = await carryOut(this.schema, checked.document, params, context, this.host.logger);
    return { status: "data" in result ? 200 : refused, result };
  }

  private async contextOf(request: HttpRequest): Promise<object> {
    const { call, context } = this.options;
    const headers = { get: (name: string) => request.header(name) ?? null };
    const own = toContext({ headers, signal: request.signal }, await call?.(request));
    return { ...(await context?.(request)), ...own };
  }
}

/** The operation that is asked for, or why there is none. */
function find(operations: readonly Operation[], { operationName }: RequestParams): Operation | string {
  if (operationName === undefined) {
    const [only, ...others] = operations;
    if (only === undefined) return "the document has no operation";
    return others.length === 0 ? only : "the document has several operations: operationName must name one";
  }
  const named = operations.find(({ node }) => node.name?.value === operationName);
  return named ?? `the document has no operation called ${operationName}`;
}
