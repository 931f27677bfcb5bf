import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import {
  answerProblem,
  type HttpApp,
  type HttpError,
  type HttpHandler,
  type HttpResponse,
  type WebSocketAcceptance,
} from "../../http/index.js";
import { type Connection, Connections } from "./connections.js";
import { NodeRequest } from "./node-request.js";
import { refusals, refuseExpectation } from "./refusals.js";
import { refuseConnection, refuseInput } from "./refuse-connection.js";
import { release } from "./release.js";
import type { ServeSettings } from "./serve-options.js";
import { discard, ResponseWriter } from "./socket-writer.js";
import { isWebSocket, outgoingOf, readPlain, type WebSocketUpgrade } from "./upgrade.js";

/** Upgrades a connection to a WebSocket. */
type Upgrade = (acceptance: WebSocketAcceptance) => void;

/** How many refused connections are answered at a time; further ones are closed without a response. */
const maxRefused = 1_000;

/** A server of node:http, its connections and its running requests. */
export class NodeServer {
  private readonly app: HttpApp;
  private readonly settings: ServeSettings;
  private readonly server: Server;
  private readonly writer: ResponseWriter;
  private readonly connections: Connections = new Connections();
  /** The requests whose responses are streams or WebSockets, which do not end by themselves. */
  private readonly streams: Set<NodeRequest> = new Set();
  private refused = 0;
  private stopping: Promise<void> | undefined;

  constructor(app: HttpApp, settings: ServeSettings) {
    const { requestTimeout, keepAliveTimeout, bufferSize, webSockets } = settings;
    this.app = app;
    this.settings = settings;
    this.writer = new ResponseWriter(settings);
    this.server = createServer({
      requestTimeout,
      headersTimeout: requestTimeout,
      keepAliveTimeout,
      highWaterMark: bufferSize,
      connectionsCheckingInterval: Math.min(requestTimeout, 5_000),
    });
    this.server.on("request", (incoming, outgoing) => this.take(incoming, outgoing));
    this.server.on("checkExpectation", (incoming, outgoing) =>
      this.take(incoming, outgoing, undefined, refuseExpectation),
    );
    this.server.on("connection", (socket: Socket) => this.admit(socket));
    this.server.on("clientError", (error: NodeJS.ErrnoException, socket: Socket) => this.refuse(error, socket));
    if (webSockets === undefined) return;
    this.server.on("upgrade", (incoming, socket: Socket, head) => {
      const connection = this.connections.find(socket);
      // A refused connection is closed, whatever it still sends.
      if (connection === undefined) socket.on("error", () => {});
      else connection.afterResponses(() => this.upgrade(incoming, socket, head, webSockets));
    });
  }

  listen(port: number, host: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.once("error", reject);
      this.server.listen(port, host, () => {
        this.server.off("error", reject);
        resolve();
      });
    });
  }

  address(): AddressInfo {
    return this.server.address() as AddressInfo;
  }

  stop(): Promise<void> {
    this.stopping ??= this.drain().then(() => this.app.stop());
    return this.stopping;
  }

  private admit(socket: Socket): void {
    // `readPlain` emits a known connection again.
    if (this.connections.find(socket) !== undefined) return;
    const { maxConnections } = this.settings;
    if (this.connections.size < maxConnections) {
      this.connections.add(socket);
      return;
    }
    if (this.refused >= maxRefused) {
      socket.destroy();
      return;
    }
    this.refused++;
    socket.once("close", () => this.refused--);
    const message = `the server has reached its limit of ${maxConnections} connections: try again later`;
    refuseConnection(socket, 503, "unavailable", message, { "retry-after": "1" });
  }

  /** Refuses invalid input. Its response must not interrupt another response, or replace that of an earlier request. */
  private refuse(error: NodeJS.ErrnoException, socket: Socket): void {
    const connection = this.connections.find(socket);
    if (connection === undefined || connection.closing) {
      // The connection is closing already.
      if (!socket.writable || error.code === "ECONNRESET") socket.destroy();
      return;
    }
    const { last, lastResponse } = connection;
    const isRead = last === undefined || last.isComplete;
    const isAnswered = lastResponse === undefined || lastResponse.writableFinished;
    const mayAnswer = lastResponse?.headersSent === true ? isRead && isAnswered : isRead === isAnswered;
    if (!mayAnswer || !socket.writable || error.code === "ECONNRESET") {
      socket.destroy();
      return;
    }
    connection.closing = true;
    // The response says that the request was not executed, so it must not be.
    if (!isAnswered) last?.abort();
    refuseInput(error, socket);
  }

  private upgrade(incoming: IncomingMessage, socket: Socket, head: Buffer, webSockets: WebSocketUpgrade): void {
    if (!isWebSocket(incoming)) {
      readPlain(this.server, incoming, socket, head);
      return;
    }
    const outgoing = outgoingOf(incoming, socket);
    this.take(incoming, outgoing, (acceptance) => {
      outgoing.detachSocket(socket);
      webSockets(incoming, socket, head, acceptance);
    });
  }

  private take(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    upgrade?: Upgrade,
    handle: HttpHandler = this.app.handle,
  ): void {
    const connection = this.connections.find(incoming.socket);
    // The server announced the end of the connection before it read this request: it is not executed.
    if (connection === undefined || connection.closing) return;
    const request = new NodeRequest(incoming);
    connection.begin(request, outgoing);
    const answer = (response: HttpResponse): void =>
      this.answer(connection, request, incoming, outgoing, response, upgrade);
    outgoing.on("close", () => {
      connection.end(outgoing);
      this.streams.delete(request);
      if (!outgoing.writableFinished) request.abort();
    });
    let response: HttpResponse | Promise<HttpResponse>;
    try {
      response = handle(request);
    } catch (error) {
      response = this.fail(request, error);
    }
    if (!("then" in response)) answer(response);
    else response.then(answer, (error: unknown) => answer(this.fail(request, error)));
  }

  private answer(
    connection: Connection,
    request: NodeRequest,
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    response: HttpResponse,
    upgrade: Upgrade | undefined,
  ): void {
    const isStream = isStreamed(response) && incoming.method !== "HEAD";
    const refusal = response.webSocket !== undefined || isStream ? this.refusalOf(response, upgrade) : undefined;
    if (refusal !== undefined) {
      discard(response).catch(() => {});
      response = answerProblem(request, refusal);
    } else if (response.webSocket !== undefined || isStream) {
      if (!outgoing.destroyed) this.streams.add(request);
      if (this.stopping !== undefined) request.abort();
    }
    if (response.webSocket !== undefined) {
      if (outgoing.destroyed) return;
      incoming.socket.once("close", () => this.streams.delete(request));
      upgrade?.(response.webSocket);
      return;
    }
    this.closeAfter(connection, request, incoming, outgoing, response);
    try {
      const written = this.writer.write(outgoing, response, request);
      written?.catch((error: unknown) => this.breakOff(request, outgoing, error));
    } catch (error) {
      this.breakOff(request, outgoing, error);
    }
  }

  /** Returns the error with which a stream or a WebSocket is refused; undefined: it is started. */
  private refusalOf({ webSocket }: HttpResponse, upgrade: Upgrade | undefined): HttpError | undefined {
    if (webSocket !== undefined && upgrade === undefined) return refusals.noWebSockets();
    if (webSocket !== undefined && this.stopping !== undefined) return refusals.stopping();
    const { maxStreams } = this.settings;
    return this.streams.size < maxStreams ? undefined : refusals.tooManyStreams(maxStreams);
  }

  /** Announces the end of a connection with its last response, and waits until the client can read it. */
  private closeAfter(
    connection: Connection,
    request: NodeRequest,
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    { headers }: HttpResponse,
  ): void {
    const isEnd =
      this.stopping !== undefined ||
      connection.requests >= this.settings.maxRequestsPerConnection ||
      headers["connection"] === "close";
    // Pipelined requests after this one are answered too.
    if (isEnd && connection.last === request) {
      connection.closing = true;
      outgoing.shouldKeepAlive = false;
    }
    if (!incoming.complete && !outgoing.shouldKeepAlive) linger(incoming);
  }

  /** Once the head of a response is sent, an error can only break the connection. */
  private breakOff(request: NodeRequest, outgoing: ServerResponse, error: unknown): void {
    this.settings.logger.error("response aborted mid-stream", { path: request.path, error });
    outgoing.destroy();
  }

  private fail(request: NodeRequest, error: unknown): HttpResponse {
    const response = answerProblem(request, error);
    const correlationId = response.headers["x-correlation-id"];
    this.settings.logger.error("request failed", { path: request.path, correlationId, error });
    return response;
  }

  private drain(): Promise<void> {
    const { stopTimeout, drainTimeout, logger } = this.settings;
    const drained = new AbortController();
    return new Promise((resolve) => {
      const deadline = setTimeout(() => {
        logger.warn("requests were aborted: they ran longer than stopTimeout");
        this.server.closeAllConnections();
        // It does not include connections that became WebSockets.
        this.connections.destroy();
      }, stopTimeout);
      // `close` would call it, and lose requests that are arriving.
      this.server.closeIdleConnections = () => {};
      this.server.close(() => {
        clearTimeout(deadline);
        drained.abort();
        resolve();
      });
      this.connections.closeIdle(drainTimeout, drained.signal);
      for (const request of this.streams) request.abort();
    });
  }
}

function isStreamed({ body }: HttpResponse): boolean {
  return typeof body === "object" && !(body instanceof Uint8Array);
}

/** Closes a connection with an unread request body. Closing it at once would reset it, and the client might not read the response. */
function linger(incoming: IncomingMessage): void {
  const { socket } = incoming;
  // node:http calls this when the response is written.
  socket.destroySoon = () => {
    incoming.resume();
    release(socket);
  };
}
