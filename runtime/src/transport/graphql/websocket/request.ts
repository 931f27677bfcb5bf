import type { HttpRequest } from "../../../http/index.js";

/** The request of an operation: over HTTP the request itself, over a WebSocket the handshake. */
export interface GraphQLRequest extends HttpRequest {
  /** Over a WebSocket: the payload of `connection_init`, `{}` if there was none. Absent over HTTP. */
  readonly connectionParams?: Readonly<Record<string, unknown>>;
}
