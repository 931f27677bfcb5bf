import { HttpError, type HttpRequest, type HttpResponse } from "../../../http/index.js";
import { Connection, type ConnectionDependencies } from "./connection.js";
import type { WebSocketSettings } from "./options.js";

/** The subprotocol. `graphql-ws` is an older one, which is not supported. */
const protocol = "graphql-transport-ws";

/** Whether a request is a WebSocket handshake. */
export function isHandshake(request: HttpRequest): boolean {
  return request.method === "GET" && listOf(request.header("upgrade")).includes("websocket");
}

/** Accepts WebSocket handshakes. Throws an HttpError for an origin that is not allowed or an unknown subprotocol. */
export function createHandshake(
  dependencies: ConnectionDependencies,
  isAllowed: WebSocketSettings["isAllowed"],
): (request: HttpRequest) => HttpResponse {
  return (request) => {
    const origin = request.header("origin");
    if (origin !== undefined && !(isAllowed?.(origin) ?? dependencies.csrf.allows(request))) {
      throw new HttpError(
        403,
        "permission_denied",
        "pages of this origin may not connect: allow it in webSocket.origins or http.cors",
      );
    }
    if (!listOf(request.header("sec-websocket-protocol")).includes(protocol)) {
      throw new HttpError(400, "invalid_argument", `the subprotocol must be ${protocol}`);
    }
    const open: NonNullable<HttpResponse["webSocket"]>["open"] = (socket) =>
      new Connection(socket, request, dependencies);
    return {
      status: 101,
      headers: {},
      webSocket: { protocol, maxMessageSize: dependencies.settings.maxMessageSize, open },
    };
  };
}

function listOf(header: string | undefined): readonly string[] {
  return header?.split(",").map((one) => one.trim().toLowerCase()) ?? [];
}
