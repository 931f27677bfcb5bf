import { PotterClientError } from "../errors/index.js";
import type { Transport } from "../transport/index.js";
import { tokenOf } from "./metadata.js";
import type { WebSocketTransportOptions } from "./options.js";
import type { SocketConstructor } from "./socket.js";
import { SocketConnection } from "./socket-connection.js";

/**
 * Calls services over one WebSocket by the subprotocol `potter.v1.json`: commands, queries, and streams in both directions. Connects
 * with the first call, and again with the next one after a connection has ended.
 */
export function webSocketTransport(options: WebSocketTransportOptions): Transport {
  const { webSocket = (globalThis as { readonly WebSocket?: SocketConstructor }).WebSocket } = options;
  if (!webSocket) {
    throw new PotterClientError("failed_precondition", "no WebSocket: pass that of ws as the option webSocket");
  }
  const { url, credit = 64, idleTimeout = 20_000, connectTimeout = 10_000, params = {} } = options;
  const settings = { url, webSocket, params, credit, idleTimeout, connectTimeout };
  let connections: readonly SocketConnection[] = [];

  return {
    async send(call) {
      const token = tokenOf(call);
      for (;;) {
        let current = connections.at(-1);
        // Its other calls may go on as the user that has left.
        if (token === undefined && current?.token !== undefined) current.retire();
        if (current === undefined || current.isRetired) {
          current = new SocketConnection(settings, token);
          connections = [...connections.filter(({ closed }) => !closed), current];
        }
        const answer = await current.send(call, token);
        if (answer !== undefined) return answer;
      }
    },
    close() {
      for (const connection of connections) connection.close();
    },
  };
}
