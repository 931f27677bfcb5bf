import { HttpError } from "../errors/index.js";
import type { HttpRequest, HttpResponse } from "../http.js";
import type { WebSocketAcceptance } from "../web-socket.js";
import type { SocketSettings } from "./socket-options.js";

/** What a handshake is checked by. */
export interface HandshakeOptions extends Pick<SocketSettings, "isAllowed"> {
  /** The subprotocol, which a client must offer. */
  readonly protocol: string;
  readonly maxMessageSize: number;
  /** Decides about origins where the option does not. */
  readonly csrf: { allows(request: Pick<HttpRequest, "header">): boolean };
  /** The option that lists origins, for messages. */
  readonly origins: string;
}

/** Whether a request is a WebSocket handshake. */
export function isHandshake(request: Pick<HttpRequest, "method" | "header">): boolean {
  return request.method === "GET" && listOf(request.header("upgrade")).some((one) => one.toLowerCase() === "websocket");
}

/**
 * Accepts WebSocket handshakes. `open` creates the listener of a socket. Throws an HttpError for an origin that is not allowed or an
 * unknown subprotocol.
 */
export function createHandshake(
  { protocol, maxMessageSize, csrf, origins, isAllowed }: HandshakeOptions,
  open: (
    request: HttpRequest,
    ...socket: Parameters<WebSocketAcceptance["open"]>
  ) => ReturnType<WebSocketAcceptance["open"]>,
): (request: HttpRequest) => HttpResponse {
  return (request) => {
    const origin = request.header("origin");
    if (origin !== undefined && !(isAllowed?.(origin) ?? csrf.allows(request))) {
      throw new HttpError(
        403,
        "permission_denied",
        `pages of this origin may not connect: allow it in ${origins} or http.cors`,
      );
    }
    if (!listOf(request.header("sec-websocket-protocol")).includes(protocol)) {
      throw new HttpError(400, "invalid_argument", `the subprotocol must be ${protocol}`);
    }
    return {
      status: 101,
      headers: {},
      webSocket: { protocol, maxMessageSize, open: (socket) => open(request, socket) },
    };
  };
}

function listOf(header: string | undefined): readonly string[] {
  return header?.split(",").map((one) => one.trim()) ?? [];
}
