import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Http1Request } from "./http1-request.js";

/** Not a closure, which would keep what surrounds it as long as the connection. */
const ignore = (): void => {};

/** A connection of a client. */
export class Connection {
  readonly socket: Socket;
  /** The number of requests received. */
  requests = 0;
  /** Whether the server has announced that the connection closes: no further request is handled. */
  closing = false;
  /** The last request, and its response. */
  last: Http1Request | undefined;
  lastResponse: ServerResponse | undefined;
  private readonly running: Set<ServerResponse> = new Set();
  private whenIdle: (() => void) | undefined;
  private idleSince: number = performance.now();
  private readWhenIdle = 0;
  private bodyAge = 0;
  private isUpgraded = false;

  constructor(socket: Socket) {
    this.socket = socket;
  }

  begin(request: Http1Request, response: ServerResponse): void {
    this.requests++;
    this.bodyAge = 0;
    this.running.add(response);
    this.last = request;
    this.lastResponse = response;
  }

  end(response: ServerResponse): void {
    this.running.delete(response);
    if (this.running.size > 0) return;
    this.idleSince = performance.now();
    this.readWhenIdle = this.socket.bytesRead;
    this.whenIdle?.();
  }

  /** The connection has become a WebSocket, which keeps nothing of the response to its request. */
  upgraded(): void {
    this.isUpgraded = true;
    this.running.clear();
    this.lastResponse = undefined;
  }

  /**
   * Calls back when all earlier requests are answered, but not if the connection closes before. For a pipelined upgrade request:
   * node:http has detached from the socket by then, although it still writes responses to it.
   */
  afterResponses(proceed: () => void): void {
    const { socket, running } = this;
    const isOpen = (): boolean => !this.closing && socket.writable;
    // node:http has removed its listener. `close` follows every error.
    socket.on("error", ignore);
    if (running.size === 0) {
      if (isOpen()) proceed();
      return;
    }
    const drain = (): void => {
      for (const response of running) if (response.socket === socket) response.emit("drain");
    };
    const close = (): void => {
      // Responses that wait for their turn have no socket, so node:http does not notify them.
      for (const response of [...running]) if (response.socket === null) response.emit("close");
    };
    socket.on("drain", drain).on("close", close);
    this.whenIdle = () => {
      this.whenIdle = undefined;
      socket.off("drain", drain).off("close", close);
      if (isOpen()) proceed();
    };
  }

  /**
   * To be called every `interval` milliseconds. Whether the body of the last request has been arriving for longer than `limit`
   * milliseconds. A client may take any time to send a stream.
   */
  isTooSlow(interval: number, limit: number): boolean {
    const { last } = this;
    if (last === undefined || last.isComplete || last.isStream) return false;
    this.bodyAge += interval;
    // The first one may have begun before.
    return this.bodyAge - interval >= limit;
  }

  /** Whether no request is running and none arrived in the last `milliseconds`. A request that is arriving has twice the time. */
  isIdle(now: number, since: number, milliseconds: number): boolean {
    if (this.running.size > 0 || this.isUpgraded) return false;
    const limit = this.socket.bytesRead === this.readWhenIdle ? milliseconds : 2 * milliseconds;
    return now - Math.max(since, this.idleSince) >= limit;
  }
}

/** The open connections of a server, without those that it refused. */
export class Connections {
  private readonly open: Map<Socket, Connection> = new Map();

  get size(): number {
    return this.open.size;
  }

  find(socket: Socket): Connection | undefined {
    return this.open.get(socket);
  }

  add(socket: Socket): void {
    this.open.set(socket, new Connection(socket));
    socket.once("close", () => this.open.delete(socket));
  }

  /** Removes a connection that continues with another protocol. */
  forget(socket: Socket): void {
    this.open.delete(socket);
  }

  /** To be called every `interval` milliseconds. Returns those on which a body has been arriving for too long. */
  findSlow(interval: number, limit: number): readonly Connection[] {
    return Array.from(this.open.values()).filter((connection) => connection.isTooSlow(interval, limit));
  }

  /** Closes the connections that have been idle for `milliseconds`. */
  closeIdle(now: number, since: number, milliseconds: number): void {
    for (const connection of this.open.values()) {
      if (connection.isIdle(now, since, milliseconds)) connection.socket.destroy();
    }
  }

  destroy(): void {
    for (const socket of this.open.keys()) socket.destroy();
  }
}
