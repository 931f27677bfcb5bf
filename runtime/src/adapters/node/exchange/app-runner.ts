import {
  answerProblem,
  type HttpApp,
  type HttpError,
  type HttpHandler,
  type HttpRequest,
  type HttpResponse,
} from "../../../http/index.js";
import type { ServeSettings } from "../options/index.js";
import type { IncomingRequest } from "./incoming-request.js";
import { refusals } from "./refusals.js";

/** Runs the app of a server for the requests of all its connections, and limits what they start. */
export class AppRunner {
  readonly settings: ServeSettings;
  readonly handle: HttpHandler;
  /** The requests whose responses are streams or WebSockets, which do not end by themselves. */
  readonly streams: Set<IncomingRequest> = new Set();
  /** Whether the server has started to stop. */
  stopping = false;

  constructor(app: HttpApp, settings: ServeSettings) {
    this.handle = app.handle;
    this.settings = settings;
  }

  /** Passes the response to a request to `answer`; an error of the handler becomes a response. */
  run(request: HttpRequest, answer: (response: HttpResponse) => void, handle: HttpHandler = this.handle): void {
    let response: HttpResponse | Promise<HttpResponse>;
    try {
      response = handle(request);
    } catch (error) {
      response = this.fail(request, error);
    }
    if (!("then" in response)) answer(response);
    else response.then(answer, (error: unknown) => answer(this.fail(request, error)));
  }

  /**
   * Registers a response that does not end by itself, unless its client is gone. Returns the error with which it is refused;
   * undefined: it may start.
   */
  startStream(request: IncomingRequest, isConnected: boolean): HttpError | undefined {
    const { maxStreams } = this.settings;
    if (this.streams.size >= maxStreams) return refusals.tooManyStreams(maxStreams);
    if (isConnected) this.streams.add(request);
    if (this.stopping) request.abort();
    return undefined;
  }

  /** Ends all responses that do not end by themselves, and those that start later. */
  stop(): void {
    this.stopping = true;
    for (const request of this.streams) request.abort();
  }

  /** Logs that a response was broken off, since its head was sent when an error occurred. */
  reportBroken(request: HttpRequest, error: unknown): void {
    this.settings.logger.error("response aborted mid-stream", { path: request.path, error });
  }

  private fail(request: HttpRequest, error: unknown): HttpResponse {
    const response = answerProblem(request, error);
    const correlationId = response.headers["x-correlation-id"];
    this.settings.logger.error("request failed", { path: request.path, correlationId, error });
    return response;
  }
}

/** Whether a response is a stream, which its client reads chunk by chunk. */
export function isStreamed({ body }: HttpResponse): boolean {
  return typeof body === "object" && !(body instanceof Uint8Array);
}
