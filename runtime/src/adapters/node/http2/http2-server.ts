import { performServerHandshake, type ServerOptions } from "node:http2";
import type { Socket } from "node:net";
import type { AppRunner } from "../exchange/index.js";
import type { Http2Settings } from "../options/index.js";
import { Http2Connection } from "./http2-connection.js";
import { Http2Writer } from "./http2-writer.js";

/** How many headers a request may have. */
const maxPairs = 1_000;

/** The HTTP/2 side of a server: its connections. */
export class Http2Server {
  private readonly runner: AppRunner;
  private readonly settings: Http2Settings;
  private readonly writer: Http2Writer;
  private readonly options: ServerOptions;
  private readonly open: Set<Http2Connection> = new Set();

  constructor(runner: AppRunner, settings: Http2Settings) {
    this.runner = runner;
    this.settings = settings;
    this.writer = new Http2Writer(runner.settings);
    this.options = {
      settings: {
        maxConcurrentStreams: settings.maxConcurrentStreams,
        initialWindowSize: settings.streamWindowSize,
        maxHeaderListSize: runner.settings.maxHeaderSize,
      },
      // The size of the headers is the limit. Their default number is too small for browsers, which send each cookie by itself.
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
    session.setLocalWindowSize(this.settings.connectionWindowSize);
    const connection = new Http2Connection(session, socket, this.runner, this.writer);
    this.open.add(connection);
    socket.once("close", () => this.open.delete(connection));
    if (this.runner.stopping) connection.announceEnd();
  }

  /** Asks all clients to send further requests elsewhere. */
  announceEnd(): void {
    for (const connection of this.open) connection.announceEnd();
  }

  /** Closes the connections that have been idle for `milliseconds`. */
  closeIdle(now: number, since: number, milliseconds: number): void {
    for (const connection of this.open) if (connection.isIdle(now, since, milliseconds)) connection.close();
  }

  destroy(): void {
    for (const connection of this.open) connection.destroy();
  }
}
