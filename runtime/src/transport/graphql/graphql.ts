import { PotterError } from "../../errors/index.js";
import {
  type CorsHeaders,
  CsrfCheck,
  createHandshake,
  type HttpRequest,
  type HttpResponse,
  type HttpRoutes,
  readEventsOptions,
  type Transport,
  type TransportHost,
} from "../../http/index.js";
import { createCsrfCheck } from "./csrf.js";
import { GraphQLEngine, readSettings } from "./engine/index.js";
import type { GraphQLOptions } from "./options.js";
import { RequestHandler } from "./request-handler.js";
import { createGraphQLSchema } from "./schema/index.js";
import { Connection, readWebSocketOptions } from "./websocket/index.js";

const cors: CorsHeaders = {
  requests: ["apollo-require-preflight", "graphql-require-preflight", "x-apollo-operation-name"],
  responses: [],
};

/** The subprotocol of WebSockets. `graphql-ws` is an older one, which is not supported. */
const protocol = "graphql-transport-ws";

/**
 * Serves the GraphQL schema of an app: queries and mutations over HTTP (GraphQL over HTTP specification), subscriptions over
 * server-sent events, and all of them over WebSockets. Parses and validates each document once. Throws `invalid_argument` if
 * an option is invalid.
 */
export function graphql(options: GraphQLOptions): Transport {
  const path = options.path ?? "/graphql";
  if (!/^(\/[\w.~-]+)+$/.test(path))
    throw new PotterError("invalid_argument", `path is ${JSON.stringify(path)}: expected one such as "/graphql"`);
  const { introspection, cachedDocuments, limits, persistedDocuments } = options;
  const checkCsrf = createCsrfCheck(options.csrf);
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
    const handshake = webSocket && mountHandshake(engine, options, host, webSocket);
    const handler = new RequestHandler({ engine, options, host, checkCsrf, eventsOptions, handshake });
    const page = options.ide?.(path);
    return (request) => page?.(request) ?? (request.path === path ? handler.handle(request) : undefined);
  };
  return { name: "graphql", cors, mount };
}

function mountHandshake(
  engine: GraphQLEngine,
  { context }: GraphQLOptions,
  { logger, identify, onStop, csrf = new CsrfCheck() }: TransportHost,
  given: ReturnType<typeof readWebSocketOptions>,
): (request: HttpRequest) => HttpResponse {
  const { isAllowed, maxMessageSize = engine.limits.maxBodySize } = given;
  const dependencies = { engine, logger, onStop, settings: { ...given, maxMessageSize }, identify, context };
  return createHandshake(
    { protocol, maxMessageSize, csrf, origins: "webSocket.origins", isAllowed },
    (request, socket) => new Connection(socket, request, dependencies),
  );
}
