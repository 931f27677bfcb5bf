import {
  answerProblem,
  CsrfCheck,
  createHandshake,
  HttpError,
  type HttpRoutes,
  isHandshake,
  type Transport,
  type TransportHost,
} from "../../http/index.js";
import { Connection } from "./connection.js";
import { protocol } from "./frames.js";
import { readOptions, type WebSocketTransportOptions } from "./options.js";
import { SharedItems } from "./shared-items.js";

/**
 * Serves all methods of an app over WebSockets: commands, queries and streams in both directions on one connection, as JSON-RPC 2.0
 * with the subprotocol `potter.v1.json`. Needs a server that accepts WebSockets: see `ws` of `@potter/runtime/ws`. Throws
 * `invalid_argument` if an option is invalid.
 */
export function webSocket(options: WebSocketTransportOptions = {}): Transport {
  const settings = readOptions(options);
  const { path, maxMessageSize, isAllowed } = settings;
  const mount = ({ methods, logger, identify, onStop, csrf = new CsrfCheck() }: TransportHost): HttpRoutes => {
    const byName = new Map(
      methods.map((bound) => [`${bound.method.service}/${bound.method.name}`, { bound, shared: new SharedItems() }]),
    );
    const dependencies = {
      methods: byName,
      settings,
      logger,
      ...(identify && { identify }),
      ...(onStop && { onStop }),
    };
    const accept = createHandshake(
      { protocol, maxMessageSize, csrf, origins: "the option origins of webSocket", isAllowed },
      (request, socket) => new Connection(socket, request, dependencies),
    );
    return (request) => {
      if (request.path !== path) return undefined;
      try {
        if (!isHandshake(request)) throw notWebSocket();
        return accept(request);
      } catch (error) {
        return answerProblem(request, error);
      }
    };
  };
  return { name: "webSocket", mount };
}

function notWebSocket(): HttpError {
  const headers = { upgrade: "websocket", connection: "upgrade" };
  return new HttpError(426, "failed_precondition", `this path accepts WebSockets with the subprotocol ${protocol}`, {
    headers,
  });
}
