import {
  attachStandardSocket,
  type HttpApp,
  type StandardWebSocket,
  upgradingFetchHandler,
  type WebSocketAcceptance,
} from "../../http/index.js";

/** What a module of a Worker exports. */
export interface Worker {
  /** Answers a request, and accepts WebSockets. Never rejects. */
  fetch(request: Request): Promise<Response>;
}

/** The server side of a pair, which does not receive messages until it is accepted. */
interface WorkerWebSocket extends StandardWebSocket {
  accept(): void;
}

/** The part of workerd that is used. */
interface WorkerGlobals {
  readonly WebSocketPair: new () => { readonly 0: StandardWebSocket; readonly 1: WorkerWebSocket };
}

/**
 * Serves an app on workerd, with WebSockets: `export default workerd(app)`. The platform has no pings and does not report what a client
 * has not read, so streams need credit.
 */
export function workerd(app: Pick<HttpApp, "handle">): Worker {
  const fetch = upgradingFetchHandler(app.handle, upgrade);
  return { fetch: (request) => fetch(request) };
}

function upgrade({ protocol, open }: WebSocketAcceptance): Response {
  const { WebSocketPair } = globalThis as unknown as WorkerGlobals;
  const { 0: client, 1: server } = new WebSocketPair();
  server.accept();
  attachStandardSocket(server, open);
  const headers = { "sec-websocket-protocol": protocol };
  return new Response(null, { status: 101, headers, webSocket: client } as ResponseInit);
}
