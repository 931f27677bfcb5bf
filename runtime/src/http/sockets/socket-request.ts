import type { CallerRequest } from "../caller.js";
import { HttpError } from "../errors/index.js";
import type { HttpRequest, ServerCapabilities } from "../http.js";

/** The handshake request with the params that the client sent when it connected. Its signal is that of one call, or of the socket. */
export class SocketRequest implements HttpRequest, CallerRequest {
  readonly connectionParams: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
  private readonly handshake: HttpRequest;

  constructor(handshake: HttpRequest, connectionParams: Readonly<Record<string, unknown>>, signal: AbortSignal) {
    this.handshake = handshake;
    this.connectionParams = connectionParams;
    this.signal = signal;
  }

  get method(): string {
    return this.handshake.method;
  }

  get path(): string {
    return this.handshake.path;
  }

  get query(): string {
    return this.handshake.query;
  }

  get server(): ServerCapabilities {
    return this.handshake.server;
  }

  header(name: string): string | undefined {
    return this.handshake.header(name);
  }

  headers(): Iterable<readonly [string, string]> {
    return this.handshake.headers();
  }

  chunks(): AsyncIterableIterator<Uint8Array> {
    throw noBody();
  }

  text(): Promise<string> {
    return Promise.reject(noBody());
  }

  bytes(): Promise<Uint8Array> {
    return Promise.reject(noBody());
  }
}

function noBody(): HttpError {
  return new HttpError(400, "invalid_argument", "a WebSocket handshake has no body");
}
