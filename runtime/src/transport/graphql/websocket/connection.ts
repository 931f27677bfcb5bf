import { isFault, type Logger } from "../../../cqrs/index.js";
import {
  alreadyExists,
  type CloseReason,
  closeReasonOf,
  closeReasons,
  type HttpRequest,
  identifySocket,
  invalidMessage,
  LiveSocket,
  SocketRequest,
  type TransportHost,
  type WebSocketListener,
  type WebSocketPort,
} from "../../../http/index.js";
import { joinContexts, toContext } from "../context/index.js";
import { type GraphQLEngine, type OperationParams, requestError } from "../engine/index.js";
import { headersFromExtensions, readLastEventId } from "./call-metadata.js";
import { ackMessage, type ClientMessage, errorMessage, pingMessage, pongMessage, readMessage } from "./messages.js";
import { SocketOperation } from "./operation.js";
import type { WebSocketSettings } from "./options.js";
import type { GraphQLRequest } from "./request.js";

/** What all connections share. */
export interface ConnectionDependencies {
  readonly engine: GraphQLEngine;
  readonly logger: Logger;
  /** Calls back when the app begins to stop. */
  readonly onStop?: TransportHost["onStop"];
  readonly settings: Omit<WebSocketSettings, "isAllowed" | "maxMessageSize"> & { readonly maxMessageSize: number };
  /** Identifies the caller, when a client connects (an error rejects the connection) and for each operation, as over HTTP. */
  readonly identify: TransportHost["identify"];
  readonly context?: ((request: GraphQLRequest) => object | Promise<object>) | undefined;
}

/** Maximum size of a message before the caller is identified. */
const maxInitBytes = 64 * 1024;

/** One connection of graphql-transport-ws. Independent of socket libraries, which call its methods. */
export class Connection implements WebSocketListener {
  private readonly request: HttpRequest;
  private readonly dependencies: ConnectionDependencies;
  private readonly live: LiveSocket;
  /** Operations that the client has not completed, by id. */
  private readonly operations: Map<string, SocketOperation> = new Map();
  /** Operations that are still running, including completed ones. */
  private readonly running: Set<SocketOperation> = new Set();
  private state: "opened" | "initialising" | "ready" | "shutting-down" | "closed" = "opened";
  private params: Readonly<Record<string, unknown>> = {};

  /** `request`: the handshake. Its signal aborts when the server stops. */
  constructor(socket: WebSocketPort, request: HttpRequest, dependencies: ConnectionDependencies) {
    const { settings, logger, onStop } = dependencies;
    this.request = request;
    this.dependencies = dependencies;
    this.live = new LiveSocket(socket, {
      settings,
      onStop,
      first: { timeout: settings.initTimeout, reason: closeReasons.initTimeout },
      ping: pingMessage,
      stop: () => void this.shutDown(),
      closed: () => this.end(),
      disconnected: (why) => logger.info(`a GraphQL client was disconnected: ${why}`),
    });
    this.live.start(request);
  }

  message(data: string | Uint8Array): void {
    if (this.state === "closed") return;
    this.live.heard();
    const { maxMessageSize } = this.dependencies.settings;
    const isKnown = this.state === "ready" || this.state === "shutting-down";
    if (data.length > (isKnown ? maxMessageSize : Math.min(maxMessageSize, maxInitBytes))) {
      this.closeWith(closeReasons.tooBig);
      return;
    }
    const message = typeof data === "string" ? readMessage(data) : "a message must be text";
    if (typeof message === "string") this.closeWith(invalidMessage(message));
    else this.handle(message);
  }

  pong(): void {
    this.live.heard();
  }

  drain(): void {
    this.live.queue.drain();
  }

  close(): void {
    this.live.release();
  }

  private end(): void {
    this.state = "closed";
    for (const operation of this.running) operation.cancel();
    this.operations.clear();
  }

  private handle(message: ClientMessage): void {
    switch (message.type) {
      case "connection_init":
        this.initialise(message.payload);
        break;
      case "ping":
        this.live.queue.reply(pongMessage);
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

  private initialise(params: Readonly<Record<string, unknown>>): void {
    // The client reconnects after the socket has closed.
    if (this.state === "shutting-down") return;
    if (this.state !== "opened") {
      this.closeWith(closeReasons.tooManyInits);
      return;
    }
    this.state = "initialising";
    this.params = params;
    this.live.begun();
    const { identify, settings } = this.dependencies;
    const { signal } = this.live;
    if (identify === undefined) this.acknowledge();
    else {
      identifySocket(identify, { handshake: this.request, params, limit: settings.initTimeout, signal }).then(
        () => this.acknowledge(),
        (error: unknown) => this.reject(error),
      );
    }
  }

  private acknowledge(): void {
    if (this.state !== "initialising") return;
    this.state = "ready";
    this.live.queue.reply(ackMessage);
  }

  private reject(error: unknown): void {
    // What fails because the connection has closed.
    if (this.live.isClosed) return;
    const reason = closeReasonOf(error, "connection_init");
    if (reason === closeReasons.failed || isFault(error))
      this.dependencies.logger.error("a GraphQL client could not connect", { error });
    this.closeWith(reason);
  }

  private subscribe(id: string, params: OperationParams): void {
    const max = this.dependencies.settings.operations;
    if (this.state === "shutting-down") return;
    if (this.state !== "ready") this.closeWith(closeReasons.unauthorized);
    else if (this.operations.has(id)) this.closeWith(alreadyExists("Subscriber", id));
    else if (this.running.size < max) this.start(id, params);
    else {
      const error = requestError(
        "resource_exhausted",
        `more than ${max} operations are running on this connection (webSocket.operations)`,
      );
      this.live.queue.reply(errorMessage(JSON.stringify(id), [error]));
    }
  }

  private start(id: string, params: OperationParams): void {
    const { engine, logger } = this.dependencies;
    const { queue: sendQueue } = this.live;
    const contextOf = this.contextOf.bind(this);
    const operation = new SocketOperation(id, params, { engine, logger, sendQueue, contextOf });
    this.operations.set(id, operation);
    this.running.add(operation);
    operation.ended.then(() => {
      this.running.delete(operation);
      if (this.operations.get(id) === operation) this.operations.delete(id);
    });
  }

  private async contextOf(params: OperationParams, signal: AbortSignal, isStream: boolean): Promise<object> {
    const { identify, context } = this.dependencies;
    const { extensions } = params;
    const request = new SocketRequest(this.request, this.params, signal);
    const lastEventId = isStream ? readLastEventId(extensions) : undefined;
    const own = toContext(
      { headers: headersFromExtensions(extensions), signal },
      { ...(lastEventId !== undefined && { lastEventId }), ...(await identify?.(request)) },
    );
    return joinContexts(await context?.(request), own);
  }

  /** Finishes queries and mutations, and ends subscriptions without `complete`, so that clients reconnect. */
  private async shutDown(): Promise<void> {
    if (this.state === "closed" || this.state === "shutting-down") return;
    this.state = "shutting-down";
    this.live.begun();
    await Promise.all(Array.from(this.running, (operation) => operation.finishOrCancel()));
    this.closeWith(closeReasons.goingAway);
  }

  private closeWith(reason: CloseReason): void {
    this.live.close(reason);
  }
}
