import type { ExecutionResult } from "graphql";
import { onEnd } from "../../async/index.js";
import { logFault, runWithin } from "../../cqrs/index.js";
import {
  type CallerOptions,
  type CallKind,
  CsrfCheck,
  correlationIdOf,
  eventStreamHeaders,
  eventStreamType,
  HttpError,
  type HttpRequest,
  type HttpResponse,
  type HttpRoutes,
  type ProblemContext,
  problemResponse,
  RequestCall,
  readEventsOptions,
  readRequestTimeout,
  type Transport,
  type TransportHost,
} from "../../http/index.js";
import { type GraphQLContext, joinContexts, placeOf, toGraphQLError } from "./context/index.js";
import { createCrossSiteCheck } from "./csrf.js";
import { GraphQLEngine, type PreparedOperation, readSettings } from "./engine/index.js";
import { type EventSource, writeEvents, writeOne } from "./event-stream.js";
import { type Accepted, Accepts } from "./media-type.js";
import type { GraphQLOptions } from "./options.js";
import { readParams } from "./request-params.js";
import { createGraphQLSchema } from "./schema/index.js";
import { createHandshake, isHandshake, readWebSocketOptions } from "./websocket/index.js";

const allow = "GET, POST, OPTIONS";

/**
 * Serves queries and mutations by the GraphQL over HTTP specification, subscriptions as server-sent events, and all of them
 * over WebSockets. Documents are parsed and validated once. Throws if an option is not right.
 */
export function graphql(options: GraphQLOptions): Transport {
  const path = options.path ?? "/graphql";
  if (!/^(\/[\w.~-]+)+$/.test(path))
    throw new Error(`path is ${JSON.stringify(path)}: expected one such as "/graphql"`);
  const { introspection, cachedDocuments, limits, persistedDocuments } = options;
  const checkSite = createCrossSiteCheck(options.csrf);
  const eventsOptions = readEventsOptions(options.events);
  const webSocket = options.webSocket === false ? undefined : readWebSocketOptions(options.webSocket);
  const settings = readSettings({
    ...(limits && { limits }),
    ...(introspection !== undefined && { introspection }),
    ...(cachedDocuments !== undefined && { cachedDocuments }),
    ...(persistedDocuments && { persistedDocuments }),
  });
  const mount = (host: TransportHost): HttpRoutes => {
    const schema = options.schema ?? createGraphQLSchema(host, { modules: options.modules }).schema;
    const engine = new GraphQLEngine(schema, { ...settings, logger: host.logger });
    const handshake = webSocket && openHandshake(engine, options, host, webSocket);
    const server = new Server({ engine, options, host, checkSite, eventsOptions, handshake });
    const page = options.ide?.(path);
    return (request) => page?.(request) ?? (request.path === path ? server.serve(request) : undefined);
  };
  return { name: "graphql", mount };
}

function openHandshake(
  engine: GraphQLEngine,
  { context }: GraphQLOptions,
  { logger, identify, onStop, csrf = new CsrfCheck() }: TransportHost,
  { isAllowed, ...settings }: ReturnType<typeof readWebSocketOptions>,
): (request: HttpRequest) => HttpResponse {
  const { maxMessageSize = engine.limits.maxBodySize } = settings;
  return createHandshake(
    { engine, logger, onStop, settings: { ...settings, maxMessageSize }, identify, csrf, context },
    isAllowed,
  );
}

/** What a request is answered with, before it is known in which type. */
interface Answer {
  readonly status: number;
  readonly result: ExecutionResult;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Events {
  readonly events: EventSource;
}

/** The same events; calls back once they have ended. */
function followEvents(found: Answer | Events, end: () => void): Answer | Events {
  if (!("events" in found)) {
    end();
    return found;
  }
  const { results, ...others } = found.events;
  return { events: { ...others, results: onEnd({ [Symbol.asyncIterator]: () => results }, end) } };
}

const eventHeaders = { "content-type": `${eventStreamType}; charset=utf-8`, ...eventStreamHeaders };

interface ServerParts {
  readonly engine: GraphQLEngine;
  readonly options: GraphQLOptions;
  readonly host: TransportHost;
  readonly checkSite: (request: HttpRequest) => void;
  readonly eventsOptions: ReturnType<typeof readEventsOptions>;
  /** undefined: no WebSockets. */
  readonly handshake: ((request: HttpRequest) => HttpResponse) | undefined;
}

class Server {
  private readonly engine: GraphQLEngine;
  private readonly options: GraphQLOptions;
  private readonly host: TransportHost;
  private readonly checkSite: (request: HttpRequest) => void;
  private readonly eventsOptions: ServerParts["eventsOptions"];
  private readonly handshake: ServerParts["handshake"];
  private readonly accepts: Accepts = new Accepts();

  constructor({ engine, options, host, checkSite, eventsOptions, handshake }: ServerParts) {
    this.engine = engine;
    this.options = options;
    this.host = host;
    this.checkSite = checkSite;
    this.eventsOptions = eventsOptions;
    this.handshake = handshake;
  }

  async serve(request: HttpRequest): Promise<HttpResponse> {
    const { method, path } = request;
    const correlationId = correlationIdOf(request);
    const place = { instance: path, correlationId, challenge: this.options.challenge };
    if (method === "OPTIONS") return { status: 204, headers: { allow } };
    if (method !== "GET" && method !== "POST") {
      const error = new HttpError(405, "unimplemented", `this path answers ${allow}`, { headers: { allow } });
      return problemResponse(error, place);
    }
    if (isHandshake(request)) return this.shakeHands(request, place);
    const accepted = this.accepts.read(request.header("accept"));
    if (accepted.type === undefined && !accepted.events) {
      const message = "answers are application/graphql-response+json, application/json or text/event-stream";
      return problemResponse(new HttpError(406, "invalid_argument", message), place);
    }
    // Who takes events alone is told in JSON of what is wrong with the request itself, since a status says it.
    const type = accepted.type ?? "application/graphql-response+json";
    try {
      const answer = await this.answer(request, accepted, correlationId);
      const told = { "x-correlation-id": correlationId };
      if ("events" in answer) {
        const { writeTimeout } = this.eventsOptions;
        const body = writeEvents(answer.events, this.eventsOptions);
        return { status: 200, headers: { ...eventHeaders, ...told }, body, writeTimeout };
      }
      if (accepted.type === undefined) {
        return { status: 200, headers: { ...eventHeaders, ...told }, body: writeOne(answer.result) };
      }
      const { status, result, headers } = answer;
      return {
        status,
        headers: { ...headers, ...told, "content-type": `${type}; charset=utf-8` },
        body: JSON.stringify(result),
      };
    } catch (error) {
      const { status, headers } = problemResponse(error, place);
      logFault(this.host.logger, "a GraphQL request failed", error, { path, correlationId });
      return {
        status,
        headers: { ...headers, "content-type": `${type}; charset=utf-8` },
        body: JSON.stringify({ errors: [toGraphQLError(error, { correlationId })] }),
      };
    }
  }

  private shakeHands(request: HttpRequest, place: ProblemContext): HttpResponse {
    try {
      if (this.handshake !== undefined) return this.handshake(request);
      throw new HttpError(501, "unimplemented", "no WebSockets are taken here");
    } catch (error) {
      return problemResponse(error, place);
    }
  }

  private async answer(
    request: HttpRequest,
    { type, events }: Accepted,
    correlationId: string,
  ): Promise<Answer | Events> {
    if (request.method === "GET") this.checkSite(request);
    // First: whoever is refused learns nothing of the schema.
    const caller = this.host.identify && (await this.host.identify(request));
    const params = await readParams(request, this.engine.limits);
    // A client that takes plain JSON is told by the body alone, as ever (GraphQL over HTTP, 6.4.1).
    const refused = type === "application/json" ? 200 : 400;
    const located = this.engine.locate(params);
    const found = "then" in located ? await located : located;
    const prepared = "kind" in found ? found : this.engine.prepare(found);
    if (prepared.kind === "refused") {
      return { status: refused, result: { errors: prepared.errors }, headers: { "cache-control": "no-store" } };
    }
    const kind = prepared.operation;
    if (kind === "subscription" && !events) {
      throw new HttpError(400, "invalid_argument", "a subscription is answered with text/event-stream: accept it");
    }
    // A link or an image of any page sends a GET.
    if (kind === "mutation" && request.method === "GET") {
      const headers = { allow: "POST" };
      throw new HttpError(405, "unimplemented", "a mutation must be sent by POST", { headers });
    }
    const isStream = kind === "subscription";
    const carryOut = async (signal: AbortSignal | undefined): Promise<Answer | Events> => {
      const call = { command: kind === "mutation", stream: isStream };
      const context = await this.contextOf(request, call, correlationId, caller, signal);
      return this.carryOut(prepared, context, request, correlationId, refused);
    };
    const timeout = request.header("request-timeout");
    if (timeout === undefined) return carryOut(undefined);
    const of = { name: "the operation", stream: isStream ? "server" : "unary" } as const;
    return runWithin(readRequestTimeout(timeout), of, request.signal, carryOut, followEvents);
  }

  private async carryOut(
    prepared: PreparedOperation,
    context: object,
    request: HttpRequest,
    correlationId: string,
    refused: number,
  ): Promise<Answer | Events> {
    if (prepared.operation === "subscription") {
      const opened = await this.engine.subscribe(prepared, context);
      if (!(Symbol.asyncIterator in opened)) return { status: refused, result: opened };
      const toFailure = (error: unknown): ExecutionResult => {
        logFault(this.host.logger, "a GraphQL subscription failed", error, { correlationId });
        return { errors: [toGraphQLError(error, { correlationId })] };
      };
      return { events: { results: opened, place: () => placeOf(context), toFailure, signal: request.signal } };
    }
    const result = await this.engine.execute(prepared, context);
    return { status: "data" in result ? 200 : refused, result };
  }

  /** Returns a promise only if the user has a function for the context. */
  private contextOf(
    request: HttpRequest,
    kind: CallKind,
    correlationId: string,
    caller: CallerOptions | undefined,
    signal: AbortSignal | undefined,
  ): object | Promise<object> {
    const { context } = this.options;
    const createOwn = (): GraphQLContext => {
      const call = new RequestCall(request, kind, correlationId, caller);
      call.deadline = signal;
      return { call };
    };
    if (context === undefined) return createOwn();
    return Promise.resolve(context(request)).then((given) => joinContexts(given, createOwn()));
  }
}
