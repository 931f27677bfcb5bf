import { performServerHandshake, type ServerOptions } from "node:http2";
import type { Socket } from "node:net";
import type { AppRunner } from "../exchange/index.js";
import type { Http2Settings } from "../options/index.js";
import { Http2Connection, type Http2Host } from "./http2-connection.js";
import { Http2Writer } from "./http2-writer.js";

/** How many headers a request may have. Their size is the limit; node:http2 would refuse a browser with 129 cookies. */
const maxPairs = 1_000;

/** The HTTP/2 side of a server: its connections. */
export class Http2Server {
  private readonly host: Http2Host;
  private readonly options: ServerOptions;
  private readonly open: Set<Http2Connection> = new Set();
  /** One timer for all connections and requests: most of them need none. */
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(runner: AppRunner, settings: Http2Settings) {
    const { maxHeaderSize, requestTimeout, writeTimeout } = runner.settings;
    const { maxConcurrentStreams, streamWindowSize, pingInterval, pingTimeout, idleTimeout } = settings;
    const times = [requestTimeout, writeTimeout, pingInterval, pingTimeout, idleTimeout];
    const interval = Math.ceil(Math.min(1_000, ...times.map((milliseconds) => milliseconds / 4)));
    this.host = { runner, settings, writer: new Http2Writer(runner.settings), interval };
    this.options = {
      settings: { maxConcurrentStreams, initialWindowSize: streamWindowSize, maxHeaderListSize: maxHeaderSize },
      maxHeaderListPairs: maxPairs,
    };
  }

  /** The number of open connections. */
  get size(): number {
    return this.open.size;
  }

  /** Serves a connection whose input begins with the preface. */
  serve(socket: Socket): void {
    const session = performServerHandshake(socket, this.options);
    session.setLocalWindowSize(this.host.settings.connectionWindowSize);
    const connection = new Http2Connection(session, socket, this.host);
    this.open.add(connection);
    // After what has arrived is read: a process that was busy or suspended runs timers before it reads.
    this.timer ??= setInterval(() => setImmediate(() => this.check()), this.host.interval).unref();
    socket.once("close", () => this.open.delete(connection));
    // After the requests that have arrived with the preface.
    if (this.host.runner.stopping) setImmediate(() => connection.close());
  }

  /** Asks all clients to send further requests elsewhere, and closes their connections when those that run are answered. */
  close(): void {
    for (const connection of this.open) connection.close();
  }

  destroy(): void {
    for (const connection of this.open) connection.destroy();
  }

  private check(): void {
    const now = performance.now();
    for (const connection of this.open) connection.check(now);
    if (this.open.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }
}
