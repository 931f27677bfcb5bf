import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import {
  answerProblem,
  type HttpError,
  type HttpHandler,
  type HttpResponse,
  type WebSocketAcceptance,
} from "../../../http/index.js";
import { type AppRunner, discard, isStreamed, refusals, refuseExpectation, release } from "../exchange/index.js";
import type { WebSocketUpgrade } from "../options/index.js";
import { type Connection, Connections } from "./connections.js";
import { Http1Request } from "./http1-request.js";
import { Http1Writer } from "./http1-writer.js";
import { detach, isPreface } from "./preface.js";
import { refuseInput } from "./refuse-connection.js";
import { isWebSocket, outgoingOf, toPlain } from "./upgrade.js";

/** Upgrades a connection to a WebSocket. */
type Upgrade = (acceptance: WebSocketAcceptance) => void;

/** What a server does with connections that leave HTTP/1.1. */
export interface Http1Ports {
  /** Reads a connection from its start, with HTTP/1.1. */
  read(socket: Socket): void;
  /** Serves a connection that begins with the preface of HTTP/2. Absent: it is refused. */
  serveHttp2?: ((socket: Socket) => void) | undefined;
}

/** The HTTP/1.1 side of a server: its connections, and the requests that node:http reads from them. */
export class Http1Server {
  readonly connections: Connections = new Connections();
  private readonly runner: AppRunner;
  private readonly ports: Http1Ports;
  private readonly writer: Http1Writer;

  constructor(server: Server, runner: AppRunner, ports: Http1Ports) {
    this.runner = runner;
    this.ports = ports;
    this.writer = new Http1Writer(runner.settings);
    server.on("request", (incoming, outgoing) => this.take(incoming, outgoing));
    server.on("checkExpectation", (incoming, outgoing) => this.take(incoming, outgoing, undefined, refuseExpectation));
    server.on("clientError", (error: NodeJS.ErrnoException, socket: Socket) => this.refuse(error, socket));
    const { requestTimeout } = runner.settings;
    const interval = Math.ceil(Math.min(1_000, requestTimeout / 4));
    const timer = setInterval(() => setImmediate(() => this.refuseSlow(interval, requestTimeout)), interval).unref();
    server.on("close", () => clearInterval(timer));
    const { webSockets } = runner.settings;
    if (webSockets === undefined) return;
    server.on("upgrade", (incoming, socket: Socket, head) => {
      const connection = this.connections.find(socket);
      // A refused connection is closed, whatever it still sends.
      if (connection === undefined) socket.on("error", () => {});
      else connection.afterResponses(() => this.upgrade(incoming, socket, head, webSockets));
    });
  }

  /** Refuses invalid input. Its response must not interrupt another response, or replace that of an earlier request. */
  private refuse(error: NodeJS.ErrnoException, socket: Socket): void {
    const connection = this.connections.find(socket);
    if (connection === undefined || connection.closing) {
      // The connection is closing already, or it has no TLS.
      if (!socket.writable || error.code === "ECONNRESET" || !isHttp(error)) socket.destroy();
      return;
    }
    const { serveHttp2 } = this.ports;
    if (serveHttp2 !== undefined && connection.requests === 0 && isPreface(error)) {
      this.connections.forget(socket);
      detach(socket, error);
      serveHttp2(socket);
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

  /** node:http would refuse streams too, however steadily they arrive. */
  private refuseSlow(interval: number, limit: number): void {
    for (const { socket } of this.connections.findSlow(interval, limit)) {
      this.refuse(Object.assign(new Error("the request took too long"), { code: "ERR_HTTP_REQUEST_TIMEOUT" }), socket);
    }
  }

  private upgrade(incoming: IncomingMessage, socket: Socket, head: Buffer, webSockets: WebSocketUpgrade): void {
    if (!isWebSocket(incoming)) {
      socket.unshift(toPlain(incoming, head));
      this.ports.read(socket);
      return;
    }
    const outgoing = outgoingOf(incoming, socket);
    this.take(incoming, outgoing, (acceptance) => {
      outgoing.detachSocket(socket);
      webSockets(incoming, socket, head, acceptance);
    });
  }

  private take(incoming: IncomingMessage, outgoing: ServerResponse, upgrade?: Upgrade, handle?: HttpHandler): void {
    const connection = this.connections.find(incoming.socket);
    // The server announced the end of the connection before it read this request: it is not executed.
    if (connection === undefined || connection.closing) return;
    const request = new Http1Request(incoming);
    connection.begin(request, outgoing);
    outgoing.on("close", () => {
      connection.end(outgoing);
      this.runner.streams.delete(request);
      if (!outgoing.writableFinished) request.abort();
    });
    this.runner.run(
      request,
      (response) => this.answer(connection, request, incoming, outgoing, response, upgrade),
      handle,
    );
  }

  private answer(
    connection: Connection,
    request: Http1Request,
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    response: HttpResponse,
    upgrade: Upgrade | undefined,
  ): void {
    const { webSocket } = response;
    if (webSocket !== undefined || (isStreamed(response) && incoming.method !== "HEAD")) {
      const refusal = this.start(request, outgoing, response, upgrade);
      if (refusal !== undefined) {
        discard(response).catch(() => {});
        response = answerProblem(request, refusal);
      } else if (webSocket !== undefined) {
        if (outgoing.destroyed) return;
        connection.upgraded();
        this.forgetAtClose(incoming.socket, request);
        upgrade?.(webSocket);
        return;
      }
    }
    this.closeAfter(connection, request, incoming, outgoing, response);
    try {
      const written = this.writer.write(outgoing, response, request);
      written?.catch((error: unknown) => this.breakOff(request, outgoing, error));
    } catch (error) {
      this.breakOff(request, outgoing, error);
    }
  }

  /** By itself, since the listener would keep what the caller has until the socket closes. */
  private forgetAtClose(socket: Socket, request: Http1Request): void {
    socket.once("close", () => this.runner.streams.delete(request));
  }

  /** Registers a stream or a WebSocket. Returns the error with which it is refused; undefined: it is started. */
  private start(
    request: Http1Request,
    outgoing: ServerResponse,
    { webSocket }: HttpResponse,
    upgrade: Upgrade | undefined,
  ): HttpError | undefined {
    if (webSocket !== undefined && upgrade === undefined) return refusals.noWebSockets();
    if (webSocket !== undefined && this.runner.stopping) return refusals.stopping();
    return this.runner.startStream(request, !outgoing.destroyed);
  }

  /** Announces the end of a connection with its last response, and waits until the client can read it. */
  private closeAfter(
    connection: Connection,
    request: Http1Request,
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    { headers }: HttpResponse,
  ): void {
    const isEnd =
      this.runner.stopping ||
      request.isCutOff ||
      connection.requests >= this.runner.settings.maxRequestsPerConnection ||
      headers["connection"] === "close";
    // Pipelined requests after this one are answered too.
    if (isEnd && connection.last === request) {
      connection.closing = true;
      outgoing.shouldKeepAlive = false;
    }
    if (!incoming.complete && !outgoing.shouldKeepAlive) linger(incoming);
  }

  /** Once the head of a response is sent, an error can only break the connection. */
  private breakOff(request: Http1Request, outgoing: ServerResponse, error: unknown): void {
    this.runner.reportBroken(request, error);
    outgoing.destroy();
  }
}

/** Errors of TLS and of sockets have other codes than those of HTTP. */
function isHttp({ code }: NodeJS.ErrnoException): boolean {
  return code?.startsWith("HPE_") === true || code === "ERR_HTTP_REQUEST_TIMEOUT";
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
