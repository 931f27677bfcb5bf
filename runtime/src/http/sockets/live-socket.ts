import { onAbort, queueMacrotask } from "../../async/index.js";
import type { HttpRequest } from "../http.js";
import type { WebSocketPort } from "../web-socket.js";
import type { CloseReason } from "./close-reasons.js";
import { SendQueue } from "./send-queue.js";
import type { SocketSettings } from "./socket-options.js";

/** How a socket is kept, and what is called at its turns. */
export interface LiveSocketOptions {
  readonly settings: Pick<SocketSettings, "heartbeat" | "bufferSize" | "writeTimeout">;
  /** Calls back when the app begins to stop. */
  readonly onStop: ((listener: () => void) => () => void) | undefined;
  /** How long a client may take to send its first message, and the reason to close if it does not. */
  readonly first: { readonly timeout: number; readonly reason: CloseReason };
  /** The message that asks the client for an answer where the platform has no pings. */
  readonly ping: string;
  /** For a client that does not read. Default: it is disconnected without a reason. */
  readonly tooSlow?: CloseReason;
  /** The server begins to stop, or has stopped after the socket was closed. */
  stop(): void;
  /** The socket is closed, by either side. Called once. */
  closed(): void;
  /** A client was disconnected by the server: why, for the log. */
  disconnected(why: string): void;
}

/** One open WebSocket: its pings, its queue of messages, and its end. Protocols add what messages mean. */
export class LiveSocket {
  readonly queue: SendQueue;
  private readonly socket: WebSocketPort;
  private readonly options: LiveSocketOptions;
  private end: AbortController | undefined;
  private removeListener: (() => void) | undefined;
  private removeAbortListener: (() => void) | undefined;
  private firstTimer: ReturnType<typeof setTimeout> | undefined;
  private heartbeatTimer: ReturnType<typeof setInterval> | undefined;
  /** Whether the client has sent anything since the last ping. */
  private isAlive = true;
  private isOver = false;

  constructor(socket: WebSocketPort, options: LiveSocketOptions) {
    this.socket = socket;
    this.options = options;
    this.queue = new SendQueue(socket, options.settings, (why) => this.cutOff(why));
  }

  /** Begins to watch the socket. `request`: the handshake. Its signal aborts when the server stops. */
  start(request: Pick<HttpRequest, "signal" | "onAbort">): void {
    const { options } = this;
    const { settings, first, onStop } = options;
    this.firstTimer = setTimeout(() => this.close(first.reason), first.timeout);
    // After what has arrived is read: a process that was busy or suspended runs timers before it reads.
    this.heartbeatTimer = setInterval(() => queueMacrotask(() => this.checkHeartbeat()), settings.heartbeat);
    const stop = (): void => options.stop();
    this.removeListener = onStop?.(stop);
    if (request.onAbort !== undefined) request.onAbort(stop);
    else this.removeAbortListener = onAbort(request.signal, stop);
  }

  /** Aborts when the socket is closed. */
  get signal(): AbortSignal {
    if (this.end === undefined) {
      this.end = new AbortController();
      if (this.isOver) this.end.abort();
    }
    return this.end.signal;
  }

  get isClosed(): boolean {
    return this.isOver;
  }

  /** The client has sent something. */
  heard(): void {
    this.isAlive = true;
  }

  /** The client has sent its first message. */
  begun(): void {
    clearTimeout(this.firstTimer);
  }

  /** Closes the socket with a reason. */
  close({ code, text }: CloseReason): void {
    if (this.isOver) return;
    this.release();
    this.socket.close(code, text);
  }

  /** Releases everything, because the socket is closed. */
  release(): void {
    if (this.isOver) return;
    this.isOver = true;
    clearTimeout(this.firstTimer);
    clearInterval(this.heartbeatTimer);
    this.removeListener?.();
    this.removeAbortListener?.();
    this.end?.abort();
    this.options.closed();
    this.queue.close();
  }

  private checkHeartbeat(): void {
    if (this.isOver) return;
    if (!this.isAlive) this.disconnect("it does not respond to pings");
    else {
      this.isAlive = false;
      if (this.socket.ping !== undefined) this.socket.ping();
      else this.socket.send(this.options.ping);
    }
  }

  /** Closes the socket of a client that does not read. */
  private cutOff(why: string): void {
    const { tooSlow } = this.options;
    if (tooSlow === undefined) this.disconnect(why);
    else if (!this.isOver) {
      this.options.disconnected(why);
      this.close(tooSlow);
    }
  }

  /** Terminates the socket of a client that no longer responds. */
  private disconnect(why: string): void {
    if (this.isOver) return;
    this.options.disconnected(why);
    this.release();
    this.socket.terminate();
  }
}
