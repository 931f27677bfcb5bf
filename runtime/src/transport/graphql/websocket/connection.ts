import { onAbort } from "../../../async/index.js";
import type { Logger } from "../../../cqrs/index.js";
import { isPotterError } from "../../../errors/index.js";
import type { CsrfCheck, HttpRequest, TransportHost, WebSocketListener, WebSocketPort } from "../../../http/index.js";
import { joinContexts, toContext } from "../context/index.js";
import { type GraphQLEngine, type OperationParams, refusal } from "../engine/index.js";
import { readLastEventId, toHeaders } from "./call-metadata.js";
import { alreadyExists, type CloseReason, closeReasons, invalidMessage } from "./close-reasons.js";
import { ackMessage, type ClientMessage, errorMessage, pingMessage, pongMessage, readMessage } from "./messages.js";
import { Operation } from "./operation.js";
import type { WebSocketSettings } from "./options.js";
import { type GraphQLRequest, SocketRequest } from "./request.js";
import { Outflow } from "./send-queue.js";

/** What all connections have in common. */
export interface ConnectionSurroundings {
  readonly engine: GraphQLEngine;
  readonly logger: Logger;
  /** Calls back when the app begins to stop. */
  readonly onStop?: TransportHost["onStop"];
  readonly settings: Omit<WebSocketSettings, "isAllowed" | "maxMessageSize"> & { readonly maxMessageSize: number };
  /** Who calls: asked when a client connects, where an error refuses it, and for each operation, as over HTTP. */
  readonly identify: TransportHost["identify"];
  readonly csrf: CsrfCheck;
  readonly context?: ((request: GraphQLRequest) => object | Promise<object>) | undefined;
}

/** Of a message of a client that is not known yet. */
const mostInitBytes = 64 * 1024;

/** One connection by graphql-transport-ws. Knows no library: what it is told of a socket comes by its methods. */
export class Connection implements WebSocketListener {
  private readonly socket: WebSocketPort;
  private readonly request: HttpRequest;
  private readonly around: ConnectionSurroundings;
  private readonly outflow: Outflow;
  private readonly end: AbortController = new AbortController();
  private forget: () => void = () => {};
  private readonly stop = (): void => void this.leave();
  private readonly forgetStop: (() => void) | undefined;
  private readonly initTimer: ReturnType<typeof setTimeout>;
  private readonly heart: ReturnType<typeof setInterval>;
  /** Those that the client knows, by their ids. */
  private readonly operations: Map<string, Operation> = new Map();
  /** Those for which work is done, be it that the client wants no more of them. */
  private readonly working: Set<Operation> = new Set();
  private state: "opened" | "greeted" | "ready" | "leaving" | "closed" = "opened";
  private params: Readonly<Record<string, unknown>> = {};
  /** Whether the client has sent anything since it was pinged. */
  private heard = true;

  /** `request`: the one that opened the socket. When its signal aborts, the server stops. */
  constructor(socket: WebSocketPort, request: HttpRequest, around: ConnectionSurroundings) {
    const { settings } = around;
    this.socket = socket;
    this.request = request;
    this.around = around;
    this.outflow = new Outflow(socket, settings, (why) => this.cutOff(why));
    this.initTimer = setTimeout(() => this.shut(closeReasons.initTimeout), settings.initTimeout);
    this.heart = setInterval(() => this.beat(), settings.heartbeat);
    this.forgetStop = around.onStop?.(this.stop);
    this.forget = onAbort(request.signal, this.stop);
  }

  message(data: string | Uint8Array): void {
    if (this.state === "closed") return;
    this.heard = true;
    const { maxMessageSize } = this.around.settings;
    const isKnown = this.state === "ready" || this.state === "leaving";
    if (data.length > (isKnown ? maxMessageSize : Math.min(maxMessageSize, mostInitBytes))) {
      this.shut(closeReasons.tooBig);
      return;
    }
    const message = typeof data === "string" ? readMessage(data) : "a message must be a text";
    if (typeof message === "string") this.shut(invalidMessage(message));
    else this.take(message);
  }

  pong(): void {
    this.heard = true;
  }

  drain(): void {
    this.outflow.drain();
  }

  close(): void {
    if (this.state === "closed") return;
    this.state = "closed";
    clearTimeout(this.initTimer);
    clearInterval(this.heart);
    this.forgetStop?.();
    this.forget();
    this.end.abort();
    for (const operation of this.working) operation.cancel();
    this.outflow.end();
    this.operations.clear();
  }

  private take(message: ClientMessage): void {
    switch (message.type) {
      case "connection_init":
        this.greet(message.payload);
        break;
      case "ping":
        this.outflow.reply(pongMessage);
        break;
      case "subscribe":
        this.subscribe(message.id, message.params);
        break;
      case "complete":
        this.operations.get(message.id)?.cancel();
        this.operations.delete(message.id);
        break;
    }
  }

  private greet(params: Readonly<Record<string, unknown>>): void {
    // Who leaves greets nobody; the client comes again.
    if (this.state === "leaving") return;
    if (this.state !== "opened") {
      this.shut(closeReasons.tooManyInits);
      return;
    }
    this.state = "greeted";
    this.params = params;
    clearTimeout(this.initTimer);
    const { identify } = this.around;
    if (identify === undefined) this.acknowledge();
    else {
      identify(new SocketRequest(this.request, params, this.end.signal)).then(
        () => this.acknowledge(),
        (error: unknown) => this.refuse(error),
      );
    }
  }

  private acknowledge(): void {
    if (this.state !== "greeted") return;
    this.state = "ready";
    this.outflow.reply(ackMessage);
  }

  private refuse(error: unknown): void {
    const reason = reasonOf(error);
    if (reason === closeReasons.failed) this.around.logger.error("a GraphQL client could not connect", { error });
    this.shut(reason);
  }

  private subscribe(id: string, params: OperationParams): void {
    const most = this.around.settings.operations;
    if (this.state === "leaving") return;
    if (this.state !== "ready") this.shut(closeReasons.unauthorized);
    else if (this.operations.has(id)) this.shut(alreadyExists(id));
    else if (this.working.size < most) this.begin(id, params);
    else {
      const error = refusal("resource_exhausted", `more than ${most} operations are under way on this connection`);
      this.outflow.reply(errorMessage(JSON.stringify(id), [error]));
    }
  }

  private begin(id: string, params: OperationParams): void {
    const { engine, logger } = this.around;
    const contextOf = this.contextOf.bind(this);
    const operation = new Operation(id, params, { engine, logger, outflow: this.outflow, contextOf });
    this.operations.set(id, operation);
    this.working.add(operation);
    operation.ended.then(() => {
      this.working.delete(operation);
      if (this.operations.get(id) === operation) this.operations.delete(id);
    });
  }

  private async contextOf(params: OperationParams, signal: AbortSignal, isStream: boolean): Promise<object> {
    const { identify, context } = this.around;
    const { extensions } = params;
    const request = new SocketRequest(this.request, this.params, signal);
    const lastEventId = isStream ? readLastEventId(extensions) : undefined;
    const own = toContext(
      { headers: toHeaders(extensions), signal },
      { ...(lastEventId !== undefined && { lastEventId }), ...(await identify?.(request)) },
    );
    return joinContexts(await context?.(request), own);
  }

  /** The server stops: what is being executed is answered, subscriptions end without being complete, so that clients come again. */
  private async leave(): Promise<void> {
    if (this.state === "closed" || this.state === "leaving") return;
    this.state = "leaving";
    clearTimeout(this.initTimer);
    await Promise.all(Array.from(this.working, (operation) => operation.leave()));
    this.shut(closeReasons.goingAway);
  }

  private beat(): void {
    if (!this.heard) this.cutOff("it is silent");
    else {
      this.heard = false;
      if (this.socket.ping !== undefined) this.socket.ping();
      else this.socket.send(pingMessage);
    }
  }

  /** Of a client that would not be reached by a word about it. */
  private cutOff(why: string): void {
    if (this.state === "closed") return;
    this.around.logger.info(`a GraphQL client was cut off: ${why}`);
    this.close();
    this.socket.terminate();
  }

  private shut({ code, text }: CloseReason): void {
    if (this.state === "closed") return;
    this.close();
    this.socket.close(code, text);
  }
}

/** How a client is told why it may not connect: no more than that. */
function reasonOf(error: unknown): CloseReason {
  switch (isPotterError(error) ? error.code : undefined) {
    case "unauthenticated":
      return closeReasons.unauthorized;
    case "permission_denied":
      return closeReasons.forbidden;
    case "invalid_argument":
    case "out_of_range":
      return invalidMessage("the payload of connection_init was refused");
    case "unavailable":
    case "resource_exhausted":
    case "deadline_exceeded":
    case "aborted":
      return closeReasons.tryAgainLater;
    default:
      return closeReasons.failed;
  }
}
