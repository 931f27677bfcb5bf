import {
  type ClientHttp2Session,
  type ClientSessionOptions,
  connect,
  type SecureClientSessionOptions,
} from "node:http2";

/** The settings of connections. */
export interface SessionSettings {
  readonly authority: string;
  readonly options: ClientSessionOptions | SecureClientSessionOptions;
  readonly connectTimeout: number;
  readonly pingInterval: number;
  readonly pingTimeout: number;
}

/** Holds one connection, and opens another one when the server ends it. */
export class Sessions {
  readonly #settings: SessionSettings;
  readonly #open: Set<ClientHttp2Session> = new Set();
  readonly #running: WeakMap<ClientHttp2Session, number> = new WeakMap();
  #current: ClientHttp2Session | undefined;

  constructor(settings: SessionSettings) {
    this.#settings = settings;
  }

  /** A connection that accepts calls. It may not be established yet: requests wait for it. */
  get(): ClientHttp2Session {
    const current = this.#current;
    if (current !== undefined && !current.closed && !current.destroyed) return current;
    this.#current = this.#connect();
    return this.#current;
  }

  /** Counts a call. An idle connection does not keep the process alive. */
  begin(session: ClientHttp2Session): void {
    const running = this.#running.get(session) ?? 0;
    if (running === 0) session.ref();
    this.#running.set(session, running + 1);
  }

  /** Counts a call that has ended. */
  end(session: ClientHttp2Session): void {
    const running = (this.#running.get(session) ?? 1) - 1;
    this.#running.set(session, running);
    if (running === 0 && !session.destroyed) session.unref();
  }

  /** Ends all connections and their calls. */
  close(): void {
    for (const session of this.#open) session.destroy();
    this.#current = undefined;
  }

  #connect(): ClientHttp2Session {
    const { authority, options, connectTimeout, pingInterval } = this.#settings;
    const session = connect(authority, options);
    this.#open.add(session);
    const late = setTimeout(() => session.destroy(new Error("the connection was not opened in time")), connectTimeout);
    const timer = pingInterval > 0 ? setInterval(() => this.#ping(session), pingInterval) : undefined;
    late.unref();
    timer?.unref();
    session.once("connect", () => clearTimeout(late));
    // Its calls report the error.
    session.on("error", () => {});
    session.on("goaway", () => this.#retire(session));
    session.once("close", () => {
      clearTimeout(late);
      clearInterval(timer);
      this.#open.delete(session);
      this.#retire(session);
    });
    return session;
  }

  #retire(session: ClientHttp2Session): void {
    if (this.#current === session) this.#current = undefined;
  }

  /** Asks the server whether it is there, while calls wait for it. */
  #ping(session: ClientHttp2Session): void {
    if (session.destroyed || (this.#running.get(session) ?? 0) === 0) return;
    const late = setTimeout(() => session.destroy(new Error("the server does not answer")), this.#settings.pingTimeout);
    late.unref();
    session.ping(() => clearTimeout(late));
  }
}
