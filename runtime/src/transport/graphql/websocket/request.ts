import { HttpError, type HttpRequest } from "../../../http/index.js";

/** A request for an operation: over HTTP that request itself, over a WebSocket the one that opened it. */
export interface GraphQLRequest extends HttpRequest {
  /** Over a WebSocket: what the client sent when it connected, `{}` if nothing. Over HTTP it is absent. */
  readonly connectionParams?: Readonly<Record<string, unknown>>;
}

/** The request that opened a socket, with what the client has said on it. Its signal is that of one operation, or of the socket. */
export class SocketRequest implements GraphQLRequest {
  readonly connectionParams: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
  private readonly opening: HttpRequest;

  constructor(opening: HttpRequest, connectionParams: Readonly<Record<string, unknown>>, signal: AbortSignal) {
    this.opening = opening;
    this.connectionParams = connectionParams;
    this.signal = signal;
  }

  get method(): string {
    return this.opening.method;
  }

  get path(): string {
    return this.opening.path;
  }

  get query(): string {
    return this.opening.query;
  }

  header(name: string): string | undefined {
    return this.opening.header(name);
  }

  text(): Promise<string> {
    return Promise.reject(noBody());
  }

  bytes(): Promise<Uint8Array> {
    return Promise.reject(noBody());
  }
}

function noBody(): HttpError {
  return new HttpError(400, "invalid_argument", "the request that opens a WebSocket has no body");
}
