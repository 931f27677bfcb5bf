import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { type Logger, silentLogger } from "../../cqrs/index.js";
import { PotterError } from "../../errors/index.js";
import {
  type HttpApp,
  HttpError,
  type HttpResponse,
  problemResponse,
  type WebSocketAcceptance,
} from "../../http/index.js";
import { NodeRequest } from "./node-request.js";
import { writeResponse } from "./node-response.js";
import { isWebSocket, outgoingOf, readPlain, type WebSocketUpgrade } from "./upgrade.js";

/** How an app is served. */
export interface ServeOptions {
  /** Default: 0, any free port. */
  readonly port?: number;
  /** Default: `127.0.0.1`; `0.0.0.0` or `::` for all networks. */
  readonly host?: string;
  /** How long a client may take to send a request, in milliseconds; then 408. Default: 30 s. */
  readonly requestTimeout?: number;
  /** How long a connection may be idle between requests, in milliseconds. Default: 5 s. */
  readonly keepAliveTimeout?: number;
  /** How long `stop()` waits for running requests, in milliseconds. Default: 10 s. */
  readonly stopTimeout?: number;
  /** Signals of the process that stop the server, such as `["SIGINT", "SIGTERM"]`. Default: none. */
  readonly signals?: readonly NodeJS.Signals[];
  /** Takes WebSockets: `ws()` of `@potter/runtime/ws`. Default: none are taken. */
  readonly webSockets?: WebSocketUpgrade;
  readonly logger?: Logger;
}

/** A running server. */
export interface RunningServer {
  /** `http://127.0.0.1:8080` */
  readonly url: string;
  readonly port: number;
  /**
   * Takes no more connections, lets running requests finish, ends streams and WebSockets, then stops the app. What still runs
   * after `stopTimeout` is cut off. Called again, it gives the same promise.
   */
  stop(): Promise<void>;
}

/** Starts an app and serves it on node:http. Rejects if it cannot start or the port is taken. */
export async function serve(app: HttpApp, options: ServeOptions = {}): Promise<RunningServer> {
  await app.start();
  const host = options.host ?? "127.0.0.1";
  const running = new NodeServer(app, options);
  try {
    await running.listen(options.port ?? 0, host);
  } catch (error) {
    await app.stop();
    throw error;
  }
  const { port } = running.address();
  const shown = host === "0.0.0.0" || host === "::" ? "localhost" : host.includes(":") ? `[${host}]` : host;
  const stop = () => running.stop();
  for (const signal of options.signals ?? []) process.once(signal, stop);
  return {
    url: `http://${shown}:${port}`,
    port,
    stop: () => {
      for (const signal of options.signals ?? []) process.off(signal, stop);
      return stop();
    },
  };
}

class NodeServer {
  private readonly app: HttpApp;
  private readonly logger: Logger;
  private readonly stopTimeout: number;
  private readonly server: Server;
  /** The answers that are streams or WebSockets: they would not end by themselves. */
  private readonly streams: Set<NodeRequest> = new Set();
  /** Connections, since node:http does not count those as idle that never sent anything. */
  private readonly sockets: Set<Socket> = new Set();
  private stopping: Promise<void> | undefined;

  constructor(app: HttpApp, options: ServeOptions) {
    const { requestTimeout = 30_000, keepAliveTimeout = 5_000 } = options;
    this.app = app;
    this.logger = options.logger ?? silentLogger;
    this.stopTimeout = options.stopTimeout ?? 10_000;
    this.server = createServer({
      requestTimeout,
      headersTimeout: requestTimeout,
      keepAliveTimeout,
      connectionsCheckingInterval: Math.min(requestTimeout, 5_000),
    });
    this.server.on("request", (incoming, outgoing) => this.take(incoming, outgoing));
    this.server.on("connection", (socket: Socket) => {
      this.sockets.add(socket);
      socket.on("close", () => this.sockets.delete(socket));
    });
    const { webSockets } = options;
    if (webSockets !== undefined) {
      this.server.on("upgrade", (incoming, socket, head) => {
        if (!isWebSocket(incoming)) return readPlain(this.server, incoming, socket, head);
        const outgoing = outgoingOf(incoming, socket);
        this.take(incoming, outgoing, (acceptance) => {
          outgoing.detachSocket(socket as Socket);
          webSockets(incoming, socket, head, acceptance);
        });
      });
    }
    this.server.on("clientError", (error: NodeJS.ErrnoException, socket: Socket) => refuse(error, socket));
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

  /** `upgrade`: makes a WebSocket of the connection. */
  private take(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    upgrade?: (acceptance: WebSocketAcceptance) => void,
  ): void {
    const request = new NodeRequest(incoming);
    const answer = (response: HttpResponse): void => {
      if (response.webSocket === undefined) this.answer(request, incoming, outgoing, response);
      else if (upgrade === undefined) this.answer(request, incoming, outgoing, noWebSockets(request));
      else if (this.stopping !== undefined) this.answer(request, incoming, outgoing, stops(request));
      else if (!outgoing.destroyed) {
        this.streams.add(request);
        incoming.socket.on("close", () => this.streams.delete(request));
        upgrade(response.webSocket);
      }
    };
    if (this.stopping !== undefined) outgoing.shouldKeepAlive = false;
    outgoing.on("close", () => {
      this.streams.delete(request);
      if (!outgoing.writableFinished) request.abort();
      // The client of a stream was told that its connection is kept.
      if (this.stopping !== undefined) setImmediate(() => this.server.closeIdleConnections());
    });
    let response: HttpResponse | Promise<HttpResponse>;
    try {
      response = this.app.handle(request);
    } catch (error) {
      response = this.fail(request, error);
    }
    if (!("then" in response)) answer(response);
    else response.then(answer, (error: unknown) => answer(this.fail(request, error)));
  }

  private answer(
    request: NodeRequest,
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    response: HttpResponse,
  ): void {
    if (this.stopping !== undefined) outgoing.shouldKeepAlive = false;
    try {
      if (!incoming.complete && response.headers["connection"] === "close") linger(incoming);
      const written = writeResponse(outgoing, response);
      if (written === undefined) return;
      this.streams.add(request);
      if (this.stopping !== undefined) request.abort();
      written.catch((error: unknown) => this.breakOff(request, outgoing, error));
    } catch (error) {
      this.breakOff(request, outgoing, error);
    }
  }

  /** An answer that fails half-written can only be told of by a broken connection. */
  private breakOff(request: NodeRequest, outgoing: ServerResponse, error: unknown): void {
    this.logger.error("an answer broke off", { path: request.path, error });
    outgoing.destroy();
  }

  private fail(request: NodeRequest, error: unknown): HttpResponse {
    this.logger.error("request failed", { path: request.path, error });
    return problemResponse(error, { instance: request.path });
  }

  stop(): Promise<void> {
    this.stopping ??= this.drain().then(() => this.app.stop());
    return this.stopping;
  }

  private drain(): Promise<void> {
    return new Promise((resolve) => {
      const deadline = setTimeout(() => {
        this.logger.warn("requests were cut off, since they ran longer than the server waits when it stops");
        this.server.closeAllConnections();
        // Those that became WebSockets are not among them.
        for (const socket of this.sockets) socket.destroy();
      }, this.stopTimeout);
      this.server.close(() => {
        clearTimeout(deadline);
        resolve();
      });
      this.server.closeIdleConnections();
      for (const socket of this.sockets) if (socket.bytesRead === 0) socket.destroy();
      for (const request of this.streams) request.abort();
    });
  }
}

function noWebSockets({ path }: NodeRequest): HttpResponse {
  const message = "this server takes no WebSockets: give serve webSockets";
  return problemResponse(new HttpError(501, "unimplemented", message), { instance: path });
}

function stops({ path }: NodeRequest): HttpResponse {
  return problemResponse(new PotterError("unavailable", "the server stops"), { instance: path });
}

/**
 * Closes a connection whose request was not read to its end. What still arrives is dropped for a moment: to close
 * at once would reset the connection, and the client might never see the answer.
 */
function linger({ socket }: IncomingMessage): void {
  // node:http calls this when the answer is written.
  socket.destroySoon = () => {
    socket.end();
    setTimeout(() => socket.destroy(), 500).unref();
  };
}

/** What never became a request: malformed, too slow, or with too large a head. */
function refuse(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const [status, message] =
    error.code === "ERR_HTTP_REQUEST_TIMEOUT"
      ? ([408, "the request took too long to arrive"] as const)
      : error.code === "HPE_HEADER_OVERFLOW"
        ? ([431, "the head of the request is too large"] as const)
        : ([400, "the request is not valid HTTP"] as const);
  const { headers, body } = problemResponse(new HttpError(status, "invalid_argument", message));
  const lines = Object.entries({ ...headers, connection: "close", "content-length": Buffer.byteLength(String(body)) });
  socket.end(`HTTP/1.1 ${status} \r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n${body}`);
}
