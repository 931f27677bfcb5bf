import type { HttpApp } from "../../http/index.js";
import { toListenError } from "./listen-error.js";
import { NodeServer } from "./node-server.js";
import { readServeOptions, type ServeOptions, type TlsCertificate } from "./options/index.js";

/** A running server. */
export interface RunningServer {
  /** `http://127.0.0.1:8080`, with TLS `https://127.0.0.1:8080` */
  readonly url: string;
  /** The port that it listens on; with `port: 0`, the one that the system chose. */
  readonly port: number;
  /**
   * Serves connections that begin from now on with another certificate, such as one that was renewed; open ones continue with theirs.
   * Other settings of `tls` stay. Throws `invalid_argument`, and keeps the present one, if certificate and key do not belong together
   * or cannot be read; `failed_precondition` if the server has no TLS.
   */
  renewTls(tls: TlsCertificate): void;
  /**
   * Accepts no new connections, waits for running requests, ends streams and WebSockets, then stops the app. Requests that arrive on
   * open connections are still answered, with `Connection: close`; a connection is closed when it has been idle for
   * `drainTimeout`. Clients of HTTP/2 learn which request is the last, and may send later ones elsewhere.
   * Requests that still run after `stopTimeout` are aborted. Further calls return the same promise.
   */
  stop(): Promise<void>;
}

/** Starts an app and serves it with HTTP/1.1 and HTTP/2. Rejects if the app cannot start, or with `unavailable` if the port is in use. */
export async function serve(app: HttpApp, options: ServeOptions = {}): Promise<RunningServer> {
  const settings = readServeOptions(options);
  await app.start();
  const host = options.host ?? "127.0.0.1";
  const running = new NodeServer(app, settings);
  try {
    await running.listen(options.port ?? 0, host);
  } catch (error) {
    await app.stop();
    throw toListenError(error, options.port ?? 0, host);
  }
  const { port } = running.address();
  const shown = host === "0.0.0.0" || host === "::" ? "localhost" : host.includes(":") ? `[${host}]` : host;
  const stop = () => running.stop();
  for (const signal of options.signals ?? []) process.once(signal, stop);
  return {
    url: `${settings.tls === undefined ? "http" : "https"}://${shown}:${port}`,
    port,
    renewTls: (tls) => running.renewTls(tls),
    stop: () => {
      for (const signal of options.signals ?? []) process.off(signal, stop);
      return stop();
    },
  };
}
