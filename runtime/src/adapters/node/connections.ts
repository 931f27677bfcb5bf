import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { NodeRequest } from "./node-request.js";

/** One connection of a client. */
export class Connection {
  readonly socket: Socket;
  /** Requests that were taken. */
  requests = 0;
  /** Whether no further request is taken: the client was told that the connection closes. */
  closing = false;
  /** The request that was taken last, and its answer. */
  last: NodeRequest | undefined;
  answer: ServerResponse | undefined;
  private readonly running: Set<ServerResponse> = new Set();
  private whenIdle: (() => void) | undefined;
  private idleSince: number = performance.now();
  private readWhenIdle = 0;

  constructor(socket: Socket) {
    this.socket = socket;
  }

  begin(request: NodeRequest, answer: ServerResponse): void {
    this.requests++;
    this.running.add(answer);
    this.last = request;
    this.answer = answer;
  }

  end(answer: ServerResponse): void {
    this.running.delete(answer);
    if (this.running.size > 0) return;
    this.idleSince = performance.now();
    this.readWhenIdle = this.socket.bytesRead;
    this.whenIdle?.();
  }

  /**
   * Calls back once all that was asked before is answered, at once if it is; not if the connection closes meanwhile. For a request
   * to upgrade that was sent without waiting: node:http has let go of the socket by then, though it still writes the answers to it.
   */
  afterAnswers(proceed: () => void): void {
    const { socket, running } = this;
    const isOpen = (): boolean => !this.closing && socket.writable;
    // node:http listens no more; what failed is followed by `close`.
    socket.on("error", () => {});
    if (running.size === 0) {
      if (isOpen()) proceed();
      return;
    }
    const drain = (): void => {
      for (const answer of running) if (answer.socket === socket) answer.emit("drain");
    };
    const close = (): void => {
      // Those whose turn has not come know of no socket.
      for (const answer of [...running]) if (answer.socket === null) answer.emit("close");
    };
    socket.on("drain", drain).on("close", close);
    this.whenIdle = () => {
      this.whenIdle = undefined;
      socket.off("drain", drain).off("close", close);
      if (isOpen()) proceed();
    };
  }

  /** Whether no request runs, and none has come for so many milliseconds. One that is arriving has twice the time. */
  isIdle(now: number, since: number, milliseconds: number): boolean {
    if (this.running.size > 0) return false;
    const limit = this.socket.bytesRead === this.readWhenIdle ? milliseconds : 2 * milliseconds;
    return now - Math.max(since, this.idleSince) >= limit;
  }
}

/** The connections of a server. Those that were refused are not among them. */
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

  /**
   * Closes each connection once it is idle for `milliseconds`, until the signal aborts. A client that was about to send a request
   * when the server began to stop can do so.
   */
  closeIdle(milliseconds: number, signal: AbortSignal): void {
    const since = performance.now();
    const look = (): void => {
      const now = performance.now();
      for (const connection of this.open.values()) {
        if (connection.isIdle(now, since, milliseconds)) connection.socket.destroy();
      }
    };
    // After the requests that have arrived were read: a busy process runs its timers before it reads.
    const timer = setInterval(() => setImmediate(look), Math.min(Math.max(milliseconds / 4, 10), 100));
    signal.addEventListener("abort", () => clearInterval(timer));
    setImmediate(look);
  }

  destroy(): void {
    for (const socket of this.open.keys()) socket.destroy();
  }
}
