import { HttpError, type HttpRequest, type HttpResponse } from "../../../http/index.js";
import { Connection, type ConnectionSurroundings } from "./connection.js";
import type { WebSocketSettings } from "./options.js";

/** The subprotocol. Not `graphql-ws`, which is an older one. */
const protocol = "graphql-transport-ws";

/** Whether a request asks to become a WebSocket. */
export function isHandshake(request: HttpRequest): boolean {
  return request.method === "GET" && listOf(request.header("upgrade")).includes("websocket");
}

/** Answers requests to become a WebSocket. Throws an HttpError for one that may not. */
export function createHandshake(
  around: ConnectionSurroundings,
  isAllowed: WebSocketSettings["isAllowed"],
): (request: HttpRequest) => HttpResponse {
  return (request) => {
    const origin = request.header("origin");
    if (origin !== undefined && !(isAllowed?.(origin) ?? around.csrf.allows(request))) {
      throw new HttpError(
        403,
        "permission_denied",
        "pages of this origin may not connect: webSocket.origins or http.cors names those that may",
      );
    }
    if (!listOf(request.header("sec-websocket-protocol")).includes(protocol)) {
      throw new HttpError(400, "invalid_argument", `the subprotocol must be ${protocol}`);
    }
    const open: NonNullable<HttpResponse["webSocket"]>["open"] = (socket) => new Connection(socket, request, around);
    return {
      status: 101,
      headers: {},
      webSocket: { protocol, maxMessageSize: around.settings.maxMessageSize, open },
    };
  };
}

function listOf(header: string | undefined): readonly string[] {
  return header?.split(",").map((one) => one.trim().toLowerCase()) ?? [];
}
