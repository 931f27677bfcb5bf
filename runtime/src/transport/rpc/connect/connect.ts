import type { HttpRequest, HttpResponse } from "../../../http/index.js";
import type { Endpoint } from "../calls/index.js";
import type { ConnectOptions } from "./connect-options.js";
import { ConnectStream } from "./connect-stream.js";
import { ConnectUnary } from "./connect-unary.js";
import type { ConnectType } from "./content-type.js";

/** Serves calls of Connect. */
export class Connect {
  private readonly unary: ConnectUnary;
  private readonly streams: ConnectStream;

  constructor(options: ConnectOptions) {
    this.unary = new ConnectUnary(options);
    this.streams = new ConnectStream(options);
  }

  /** Answers a POST request. Never rejects. Returns undefined if the content type does not fit the method. */
  serve(endpoint: Endpoint, request: HttpRequest, type: ConnectType): Promise<HttpResponse> | undefined {
    const streams = endpoint.readsStream || endpoint.writesStream;
    if (type.streams !== streams) return undefined;
    return streams ? this.streams.serve(endpoint, request, type) : this.unary.serve(endpoint, request, type);
  }

  /** Answers a GET request. Never rejects. Resolves with undefined if the format of its message is unknown. */
  serveGet(endpoint: Endpoint, request: HttpRequest): Promise<HttpResponse | undefined> {
    return this.unary.serveGet(endpoint, request);
  }
}
