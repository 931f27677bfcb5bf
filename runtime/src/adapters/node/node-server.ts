import { createServer, type Server, type ServerOptions } from "node:http";
import { createServer as createSecureServer, type Server as SecureServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { PotterError } from "../../errors/index.js";
import type { HttpApp } from "../../http/index.js";
import { AppRunner } from "./exchange/index.js";
import { Http1Server, refuseConnection } from "./http1/index.js";
import { Http2Server } from "./http2/index.js";
import { renewTls, type ServeSettings, type TlsCertificate, type TlsMaterial } from "./options/index.js";

/** How many refused connections are answered at a time; further ones are closed without a response. */
const maxRefused = 1_000;

/** A port, on which every connection is served by the version of HTTP that its client chooses. */
export class NodeServer {
  private readonly app: HttpApp;
  private readonly settings: ServeSettings;
  private readonly runner: AppRunner;
  private readonly server: Server;
  /** What new connections are secured with. */
  private secure: { readonly server: SecureServer; readonly tls: TlsMaterial } | undefined;
  private readonly http1: Http1Server;
  private readonly http2: Http2Server | undefined;
  /** The connections that have, or negotiate, TLS. */
  private secured = 0;
  private refused = 0;
  private stopping: Promise<void> | undefined;

  constructor(app: HttpApp, settings: ServeSettings) {
    this.app = app;
    this.settings = settings;
    this.runner = new AppRunner(app, settings);
    const { requestTimeout, keepAliveTimeout, bufferSize, maxHeaderSize, tls } = settings;
    const options: ServerOptions = {
      // Http1Server watches bodies.
      requestTimeout: 0,
      headersTimeout: requestTimeout,
      keepAliveTimeout,
      maxHeaderSize,
      highWaterMark: bufferSize,
      connectionsCheckingInterval: Math.min(requestTimeout, 5_000),
    };
    this.server = tls === undefined ? createServer(options) : this.createSecureServer(tls, options);
    const http2 = settings.http2 && new Http2Server(this.runner, settings.http2);
    this.http2 = http2;
    // node:http listens first. It reads every connection; those of HTTP/2 it gives away at their preface, or never gets.
    const [readHttp1] = this.server.listeners(tls === undefined ? "connection" : "secureConnection");
    this.http1 = new Http1Server(this.server, this.runner, {
      read: (socket) => readHttp1?.call(this.server, socket),
      serveHttp2: tls === undefined && http2 !== undefined ? (socket) => http2.serve(socket) : undefined,
    });
    if (tls === undefined) {
      this.server.on("connection", (socket: Socket) => this.admit(socket));
      return;
    }
    this.server.removeAllListeners("secureConnection");
    this.server.on("secureConnection", (socket: TLSSocket) => {
      if (socket.alpnProtocol === "h2" && http2 !== undefined) {
        http2.serve(socket);
        return;
      }
      this.http1.connections.add(socket);
      readHttp1?.call(this.server, socket);
    });
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

  /** Secures new connections with another certificate. Throws a PotterError, and changes nothing, if it is invalid. */
  renewTls(renewed: TlsCertificate): void {
    if (this.secure === undefined) {
      throw new PotterError(
        "failed_precondition",
        "renewTls has no certificate to renew: serve the app with tls first",
      );
    }
    const { server } = this.secure;
    const tls = renewTls(this.secure.tls, renewed);
    server.setSecureContext(tls);
    this.secure = { server, tls };
  }

  stop(): Promise<void> {
    this.stopping ??= this.drain().then(() => this.app.stop());
    return this.stopping;
  }

  private createSecureServer(tls: TlsMaterial, options: ServerOptions): Server {
    const { requestTimeout, http2, maxConnections } = this.settings;
    const server = createSecureServer({
      ...tls,
      ...options,
      handshakeTimeout: requestTimeout,
      ALPNProtocols: http2 === undefined ? ["http/1.1"] : ["h2", "http/1.1"],
    });
    this.secure = { server, tls };
    server.prependListener("connection", (socket: Socket) => {
      this.secured++;
      socket.once("close", () => this.secured--);
      // A response would need a handshake, which is what costs most.
      if (this.secured > maxConnections) socket.destroy();
    });
    return server;
  }

  private admit(socket: Socket): void {
    const { maxConnections } = this.settings;
    if (this.http1.connections.size + (this.http2?.size ?? 0) < maxConnections) {
      this.http1.connections.add(socket);
      return;
    }
    if (this.refused >= maxRefused) {
      socket.destroy();
      return;
    }
    this.refused++;
    socket.once("close", () => this.refused--);
    const message = `the server has reached its limit of ${maxConnections} connections: try again later`;
    refuseConnection(socket, 503, "unavailable", message, { "retry-after": "1" });
  }

  private drain(): Promise<void> {
    const { stopTimeout, drainTimeout, logger } = this.settings;
    return new Promise((resolve) => {
      const deadline = setTimeout(() => {
        logger.warn("requests were aborted: they ran longer than stopTimeout");
        this.server.closeAllConnections();
        // It does not include connections that became WebSockets.
        this.http1.connections.destroy();
        this.http2?.destroy();
      }, stopTimeout);
      // `close` would call it, and lose requests that are arriving.
      this.server.closeIdleConnections = () => {};
      const stopClosing = this.closeIdle(drainTimeout);
      this.server.close(() => {
        clearTimeout(deadline);
        stopClosing();
        resolve();
      });
      this.app.announceStop?.();
      this.runner.stop();
      this.http2?.close();
    });
  }

  /**
   * Closes each connection of HTTP/1.1 that has been idle for `milliseconds`, until the returned function is called. A client that was about to
   * send a request when the server started to stop can still send it.
   */
  private closeIdle(milliseconds: number): () => void {
    const since = performance.now();
    const closeIdle = (): void => {
      const now = performance.now();
      this.http1.connections.closeIdle(now, since, milliseconds);
    };
    // After requests that have arrived are read: a busy process runs timers before it reads.
    const timer = setInterval(() => setImmediate(closeIdle), Math.min(Math.max(milliseconds / 4, 10), 100));
    setImmediate(closeIdle);
    return () => clearInterval(timer);
  }
}
