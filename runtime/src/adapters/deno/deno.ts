import {
  attachStandardSocket,
  type HttpApp,
  type StandardWebSocket,
  upgradingFetchHandler,
  type WebSocketAcceptance,
} from "../../http/index.js";

/** What `deno serve` and `Deno.serve` take. */
export interface DenoServer {
  /** Answers a request, and accepts WebSockets. Never rejects. */
  fetch(request: Request): Promise<Response>;
}

/** The part of Deno that is used. */
interface DenoNamespace {
  upgradeWebSocket(
    request: Request,
    options: { readonly protocol: string; readonly idleTimeout: number },
  ): { readonly socket: StandardWebSocket; readonly response: Response };
}

/**
 * Serves an app on Deno, with WebSockets: `export default deno(app)` for `deno serve`, or `Deno.serve(deno(app).fetch)`. Transports
 * check by messages of their protocols that clients are there.
 */
export function deno(app: Pick<HttpApp, "handle">): DenoServer {
  return { fetch: upgradingFetchHandler(app.handle, upgrade) };
}

function upgrade({ protocol, open }: WebSocketAcceptance, request: Request): Response {
  const { Deno } = globalThis as unknown as { readonly Deno: DenoNamespace };
  // Without pings of Deno, whose answers are not reported.
  const { socket, response } = Deno.upgradeWebSocket(request, { protocol, idleTimeout: 0 });
  attachStandardSocket(socket, open);
  return response;
}
