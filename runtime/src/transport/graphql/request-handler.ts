import type { ExecutionResult } from "graphql";
import { FollowedItems } from "../../async/index.js";
import { logFault, runWithin } from "../../cqrs/index.js";
import {
  type CallerOptions,
  type CallKind,
  correlationIdOf,
  eventStreamHeaders,
  eventStreamType,
  HttpError,
  type HttpFields,
  type HttpRequest,
  type HttpResponse,
  identifyWithin,
  isHandshake,
  type ProblemContext,
  problemResponse,
  RequestCall,
  type readEventsOptions,
  readRequestTimeout,
  type TransportHost,
  toFields,
} from "../../http/index.js";
import {
  type GraphQLContext,
  getResumePosition,
  joinContexts,
  OperationContext,
  toGraphQLError,
} from "./context/index.js";
import { type GraphQLEngine, type PreparedOperation, toJsonText } from "./engine/index.js";
import { type AcceptedTypes, AcceptHeaders } from "./media-type.js";
import type { GraphQLOptions } from "./options.js";
import { readParams } from "./request-params.js";
import { type SubscriptionEvents, writeEvents, writeSingleResult } from "./sse-body.js";

/** How errors name what a request asks for. */
const operation = { name: "the operation" };

const allow = "GET, POST, OPTIONS";

/** The response to a query or mutation, before it has a media type. */
interface OperationResponse {
  readonly status: number;
  readonly result: ExecutionResult;
  readonly headers?: HttpFields;
}

interface SubscriptionResponse {
  readonly events: SubscriptionEvents;
}

/** Calls `end` when a response is complete: a subscription with its last event, anything else at once. */
function notifyEnd(
  found: OperationResponse | SubscriptionResponse,
  end: () => void,
): OperationResponse | SubscriptionResponse {
  if (!("events" in found)) {
    end();
    return found;
  }
  const { results, ...others } = found.events;
  return { events: { ...others, results: new FollowedItems({ [Symbol.asyncIterator]: () => results }, { end }) } };
}

const eventHeaders = { "content-type": `${eventStreamType}; charset=utf-8`, ...eventStreamHeaders };

export interface RequestHandlerDependencies {
  readonly engine: GraphQLEngine;
  readonly options: GraphQLOptions;
  readonly host: TransportHost;
  readonly checkCsrf: (request: HttpRequest) => void;
  readonly eventsOptions: ReturnType<typeof readEventsOptions>;
  /** undefined if WebSockets are disabled. */
  readonly handshake: ((request: HttpRequest) => HttpResponse) | undefined;
}

/** Handles the requests of the endpoint over HTTP. */
export class RequestHandler {
  private readonly engine: GraphQLEngine;
  private readonly options: GraphQLOptions;
  private readonly host: TransportHost;
  private readonly checkCsrf: (request: HttpRequest) => void;
  private readonly eventsOptions: RequestHandlerDependencies["eventsOptions"];
  private readonly handshake: RequestHandlerDependencies["handshake"];
  private readonly accepts: AcceptHeaders = new AcceptHeaders();

  constructor({ engine, options, host, checkCsrf, eventsOptions, handshake }: RequestHandlerDependencies) {
    this.engine = engine;
    this.options = options;
    this.host = host;
    this.checkCsrf = checkCsrf;
    this.eventsOptions = eventsOptions;
    this.handshake = handshake;
  }

  async handle(request: HttpRequest): Promise<HttpResponse> {
    const { method, path } = request;
    const correlationId = correlationIdOf(request);
    const problem = { instance: path, correlationId, challenge: this.options.challenge };
    if (method === "OPTIONS") return { status: 204, headers: { allow } };
    if (method !== "GET" && method !== "POST") {
      const error = new HttpError(405, "unimplemented", `this path accepts ${allow}`, { headers: { allow } });
      return problemResponse(error, problem);
    }
    if (isHandshake(request)) return this.acceptWebSocket(request, problem);
    const accepted = this.accepts.read(request.header("accept"));
    if (accepted.type === undefined && !accepted.events) {
      const message = "accept application/graphql-response+json, application/json or text/event-stream";
      return problemResponse(new HttpError(406, "invalid_argument", message), problem);
    }
    // Errors of the request itself are JSON even for clients that accept only events: the status reports them.
    const type = accepted.type ?? "application/graphql-response+json";
    try {
      const response = await this.respond(request, accepted, correlationId);
      const ids = { "x-correlation-id": correlationId };
      if ("events" in response) {
        const { writeTimeout } = this.eventsOptions;
        const body = writeEvents(response.events, this.eventsOptions);
        return { status: 200, headers: { ...eventHeaders, ...ids }, body, writeTimeout };
      }
      if (accepted.type === undefined) {
        return { status: 200, headers: { ...eventHeaders, ...ids }, body: writeSingleResult(response.result) };
      }
      const { status, result, headers } = response;
      return {
        status,
        headers: { ...headers, ...ids, "content-type": `${type}; charset=utf-8` },
        body: toJsonText(result),
      };
    } catch (error) {
      const { status, headers } = problemResponse(error, problem);
      logFault(this.host.logger, "a GraphQL request failed", error, { path, correlationId });
      return {
        status,
        headers: { ...headers, "content-type": `${type}; charset=utf-8` },
        body: JSON.stringify({ errors: [toGraphQLError(error, { correlationId })] }),
      };
    }
  }

  private acceptWebSocket(request: HttpRequest, problem: ProblemContext): HttpResponse {
    try {
      if (this.handshake !== undefined) return this.handshake(request);
      throw new HttpError(501, "unimplemented", "WebSockets are not supported here");
    } catch (error) {
      return problemResponse(error, problem);
    }
  }

  private async respond(
    request: HttpRequest,
    { type, events }: AcceptedTypes,
    correlationId: string,
  ): Promise<OperationResponse | SubscriptionResponse> {
    if (request.method === "GET") this.checkCsrf(request);
    // First, so that an unauthenticated client learns nothing about the schema.
    const timeout = request.header("request-timeout");
    const requested = timeout === undefined ? undefined : readRequestTimeout(timeout);
    const { identify } = this.host;
    const { caller, left: limit } = identify
      ? await identifyWithin(() => identify(request), operation, requested, true)
      : { caller: undefined, left: requested };
    const params = await readParams(request, this.engine.limits);
    // Legacy clients read errors from the body only (GraphQL over HTTP, 6.4.1).
    const errorStatus = type === "application/json" ? 200 : 400;
    const located = this.engine.locate(params);
    const found = "then" in located ? await located : located;
    const prepared = "kind" in found ? found : this.engine.prepare(found);
    if (prepared.kind === "refused") {
      return { status: errorStatus, result: { errors: prepared.errors }, headers: { "cache-control": "no-store" } };
    }
    const kind = prepared.operation;
    if (kind === "subscription" && !events) {
      throw new HttpError(400, "invalid_argument", "a subscription needs a client that accepts text/event-stream");
    }
    // A link or an image on any page can send a GET.
    if (kind === "mutation" && request.method === "GET") {
      const headers = { allow: "POST" };
      throw new HttpError(405, "unimplemented", "a mutation must be sent by POST", { headers });
    }
    const isStream = kind === "subscription";
    const run = async (signal?: AbortSignal): Promise<OperationResponse | SubscriptionResponse> => {
      const call = { command: kind === "mutation", stream: isStream };
      const context = await this.contextOf(request, call, correlationId, caller, signal, limit);
      return this.run(prepared, context, request, correlationId, errorStatus);
    };
    if (limit === undefined) return run();
    const of = { ...operation, stream: isStream ? "server" : "unary" } as const;
    return runWithin(limit, of, request.signal, run, notifyEnd, true);
  }

  private async run(
    prepared: PreparedOperation,
    context: object,
    request: HttpRequest,
    correlationId: string,
    errorStatus: number,
  ): Promise<OperationResponse | SubscriptionResponse> {
    if (prepared.operation === "subscription") {
      const opened = await this.engine.subscribe(prepared, context);
      if (!(Symbol.asyncIterator in opened)) return { status: errorStatus, result: opened };
      const toErrorResult = (error: unknown): ExecutionResult => {
        logFault(this.host.logger, "a GraphQL subscription failed", error, { correlationId });
        return { errors: [toGraphQLError(error, { correlationId })] };
      };
      return {
        events: { results: opened, position: () => getResumePosition(context), toErrorResult, signal: request.signal },
      };
    }
    const result = await this.engine.execute(prepared, context);
    const { call } = context as GraphQLContext;
    const added = call instanceof RequestCall ? call.addedHeaders : undefined;
    return { status: "data" in result ? 200 : errorStatus, result, ...(added && { headers: toFields(added) }) };
  }

  /** Returns no promise if there is no `context` option. */
  private contextOf(
    request: HttpRequest,
    kind: CallKind,
    correlationId: string,
    caller: CallerOptions | undefined,
    signal: AbortSignal | undefined,
    limit: number | undefined,
  ): object | Promise<object> {
    const { context } = this.options;
    const createOwn = (): GraphQLContext => {
      const call = new RequestCall(request, kind, correlationId, caller);
      call.deadline = signal;
      // A wait ends before the deadline, which would fail an operation that has taken effect.
      if (call.wait && limit) call.wait.limit = { milliseconds: limit, run: (work) => work() };
      return new OperationContext(call);
    };
    if (context === undefined) return createOwn();
    return Promise.resolve(context(request)).then((given) => joinContexts(given, createOwn()));
  }
}
