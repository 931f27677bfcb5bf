import type { IncomingHttpHeaders, ServerHttp2Session, ServerHttp2Stream } from "node:http2";
import { constants } from "node:http2";
import type { Socket } from "node:net";
import { type AppRunner, release } from "../exchange/index.js";
import type { Http2Settings } from "../options/index.js";
import { FloodGuard } from "./flood-guard.js";
import { Http2Exchange } from "./http2-exchange.js";
import type { Http2Writer } from "./http2-writer.js";
import { type Demise, Keepalive } from "./keepalive.js";

/** What the connections of a server share. */
export interface Http2Host {
  readonly runner: AppRunner;
  readonly settings: Http2Settings;
  readonly writer: Http2Writer;
  /** How often `check` is called, in milliseconds. */
  readonly interval: number;
}

/** A connection of a client that speaks HTTP/2. */
export class Http2Connection {
  private readonly session: ServerHttp2Session;
  private readonly socket: Socket;
  private readonly host: Http2Host;
  private readonly keepalive: Keepalive;
  private readonly guard: FloodGuard;
  private readonly running: Set<Http2Exchange> = new Set();
  private requests = 0;
  private idleSince: number = performance.now();
  /** Since when nothing is left but to close the socket. */
  private doneSince: number | undefined;

  constructor(session: ServerHttp2Session, socket: Socket, host: Http2Host) {
    this.session = session;
    this.socket = socket;
    this.host = host;
    this.guard = new FloodGuard(socket, host.settings.minClientPingInterval);
    this.keepalive = new Keepalive(session, socket, host.settings, this.guard, this.idleSince);
    // A client that has got everything may leave the connection open.
    socket.once("finish", () => release(socket));
    // Without a listener, invalid input would end the process. The session closes by itself.
    session.on("error", () => {});
    if (host.settings.minClientPingInterval > 0) {
      session.on("ping", () => this.watch("ping")).on("remoteSettings", () => this.watch("settings"));
    }
    // node:http2 passes the pairs as the fourth argument, which its types lack.
    session.on("stream", ((stream: ServerHttp2Stream, fields: IncomingHttpHeaders, _flags: number, pairs: string[]) =>
      this.take(stream, fields, pairs)) as (stream: ServerHttp2Stream, fields: IncomingHttpHeaders) => void);
  }

  /**
   * Sends GOAWAY with the last request that is answered, and closes when those that run are. The client knows that it may send
   * later ones again. (A first GOAWAY that refuses nothing yet would be better, but node:http2 answers no request after any.)
   */
  close(): void {
    if (!this.session.closed && !this.session.destroyed) this.session.close();
  }

  /** Looks for what happens without an event: silence, errors of the client, and bodies that do not arrive. */
  check(now: number): void {
    const { runner, interval } = this.host;
    if (this.session.destroyed || (this.session.closed && this.running.size === 0)) {
      // The socket waits for a client that reads nothing.
      this.doneSince ??= now;
      if (now - this.doneSince >= runner.settings.writeTimeout) this.socket.destroy();
      return;
    }
    const demise = this.keepalive.check(now);
    if (demise !== undefined) {
      runner.settings.logger.info(this.describe(demise));
      this.destroy();
      return;
    }
    if (this.running.size === 0 && now - this.idleSince >= this.host.settings.idleTimeout) this.close();
    for (const exchange of this.running) exchange.check(interval);
  }

  destroy(): void {
    this.session.destroy();
    this.socket.destroy();
  }

  private take(stream: ServerHttp2Stream, fields: IncomingHttpHeaders, pairs: readonly string[]): void {
    const { runner, writer } = this.host;
    // node:http2 holds a client to the limits that it has acknowledged, and a client may take its time for that.
    if (this.session.pendingSettingsAck && sizeOf(pairs) > runner.settings.maxHeaderSize) {
      stream.on("error", () => {});
      setImmediate(() => stream.close(constants.NGHTTP2_ENHANCE_YOUR_CALM));
      return;
    }
    const exchange = new Http2Exchange(stream, fields, pairs, runner, writer);
    this.running.add(exchange);
    stream.on("close", () => this.end(exchange));
    exchange.run();
    // After the requests that have arrived together with this one.
    if (++this.requests >= runner.settings.maxRequestsPerConnection) setImmediate(() => this.close());
  }

  private end(exchange: Http2Exchange): void {
    this.running.delete(exchange);
    if (this.running.size === 0) this.idleSince = performance.now();
    if (!exchange.end() && this.guard.isAbortFlood(performance.now())) this.expel("too_many_resets");
  }

  private describe(demise: Demise): string {
    return demise === "stopped"
      ? "disconnected a client that violated the protocol of HTTP/2"
      : `disconnected a client that did not answer a ping for ${this.host.settings.pingTimeout} ms`;
  }

  private watch(frame: "ping" | "settings"): void {
    if (this.guard.isFlood(frame, performance.now())) this.expel(`too_many_${frame === "ping" ? "pings" : "settings"}`);
  }

  /** Closes the connection, and says why. Not at once: node:http2 may be reading input, and cannot be destroyed meanwhile. */
  private expel(reason: string): void {
    setImmediate(() => this.expelNow(reason));
  }

  private expelNow(reason: string): void {
    if (this.session.destroyed) return;
    this.host.runner.settings.logger.info(`disconnected a client that makes useless work: ${reason}`);
    const code = constants.NGHTTP2_ENHANCE_YOUR_CALM;
    this.session.goaway(code, undefined, Buffer.from(reason));
    this.session.destroy(new Error(reason), code);
  }
}

/** The size of headers as HTTP/2 counts it (RFC 9113, section 6.5.2). */
function sizeOf(pairs: readonly string[]): number {
  return pairs.reduce((size, text) => size + text.length + 16, 0);
}
