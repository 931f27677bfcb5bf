import { answer, FetchRequest, refuseWebSocket, toResponse } from "./fetch.js";
import type { HttpHandler } from "./http.js";
import type { WebSocketAcceptance } from "./web-socket.js";

/**
 * Like `fetchHandler`, on a platform that accepts WebSockets. `upgrade` turns the connection of a request into one and returns the
 * response, or what the platform expects in place of it; undefined: it cannot. `platform`: what the platform passes beside the
 * request.
 */
export function upgradingFetchHandler<Platform extends readonly unknown[], Result = Response>(
  handler: HttpHandler,
  upgrade: (acceptance: WebSocketAcceptance, request: Request, ...platform: Platform) => Result | undefined,
): (request: Request, ...platform: Platform) => Promise<Response | Result> {
  return async (request, ...platform) => {
    const neutral = new UpgradableRequest(request);
    const response = await answer(handler, neutral);
    if (response.webSocket === undefined) return toResponse(response, neutral);
    neutral.keep(request);
    return upgrade(response.webSocket, request, ...platform) ?? toResponse(refuseWebSocket(neutral), neutral);
  };
}

/** Stays readable for as long as its connection is a WebSocket: some platforms end the request at the upgrade. */
class UpgradableRequest extends FetchRequest {
  /** What a WebSocket needs of its handshake. */
  private kept: { readonly headers: Headers; readonly host: string; readonly signal: AbortSignal } | undefined;

  override get signal(): AbortSignal {
    return this.kept?.signal ?? super.signal;
  }

  override header(name: string): string | undefined {
    if (this.kept === undefined) return super.header(name);
    const { headers, host } = this.kept;
    return headers.get(name) ?? (name === "host" ? host : undefined);
  }

  override headers(): Iterable<readonly [string, string]> {
    return this.kept?.headers ?? super.headers();
  }

  keep({ headers, url }: Request): void {
    this.kept = { headers: new Headers(headers), host: new URL(url).host, signal: new AbortController().signal };
  }
}
