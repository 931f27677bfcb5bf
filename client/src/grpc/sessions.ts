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

/**
 * How many calls a connection takes before the server has said how many it accepts, which it does as soon as it is connected. Further
 * ones wait: node:http2 would hold what is too many back, until one of the others ends.
 */
const initialStreams = 1;

/** What is known about a connection. */
interface Usage {
  /** Calls that are running. */
  running: number;
  /** Resolves when the server has said how many calls it accepts, or the connection has ended. */
  readonly settled: Promise<void>;
  isSettled: boolean;
}

/** Holds connections: one, and further ones while the others have as many calls as the server accepts. */
export class Sessions {
  readonly #settings: SessionSettings;
  /** All that are open. */
  readonly #open: Map<ClientHttp2Session, Usage> = new Map();
  /** Those that accept calls. */
  readonly #accepting: Set<ClientHttp2Session> = new Set();

  constructor(settings: SessionSettings) {
    this.#settings = settings;
  }

  /**
   * Counts a call, and resolves with the connection that takes it. It may not be established yet: requests wait for it. A connection
   * with calls keeps the process alive.
   */
  async begin(): Promise<ClientHttp2Session> {
    for (;;) {
      let unsettled: Usage | undefined;
      for (const session of this.#accepting) {
        const usage = this.#open.get(session);
        if (usage === undefined || session.closed || session.destroyed) this.#accepting.delete(session);
        else if (hasRoom(session, usage)) return this.#take(session, usage);
        else if (!usage.isSettled) unsettled = usage;
      }
      if (unsettled === undefined) return this.#take(...this.#connect());
      await unsettled.settled;
    }
  }

  /** Counts a call that has ended. */
  end(session: ClientHttp2Session): void {
    const usage = this.#open.get(session);
    if (usage !== undefined && --usage.running === 0) session.unref();
  }

  /** Ends all connections and their calls. */
  close(): void {
    for (const session of this.#open.keys()) session.destroy();
    this.#accepting.clear();
  }

  #take(session: ClientHttp2Session, usage: Usage): ClientHttp2Session {
    if (usage.running++ === 0) session.ref();
    return session;
  }

  #connect(): [session: ClientHttp2Session, usage: Usage] {
    const { authority, options, connectTimeout, pingInterval } = this.#settings;
    const session = connect(authority, options);
    let settle = () => {};
    const settled = new Promise<void>((resolve) => {
      settle = resolve;
    });
    const usage = { running: 0, settled, isSettled: false };
    this.#open.set(session, usage);
    this.#accepting.add(session);
    const late = setTimeout(() => session.destroy(new Error("the connection was not opened in time")), connectTimeout);
    const timer = pingInterval > 0 ? setInterval(() => this.#ping(session), pingInterval) : undefined;
    late.unref();
    timer?.unref();
    session.once("connect", () => clearTimeout(late));
    session.once("remoteSettings", () => {
      usage.isSettled = true;
      settle();
    });
    // Its calls report the error.
    session.on("error", () => {});
    session.on("goaway", () => this.#accepting.delete(session));
    session.once("close", () => {
      clearTimeout(late);
      clearInterval(timer);
      this.#open.delete(session);
      this.#accepting.delete(session);
      settle();
    });
    return [session, usage];
  }

  /** Asks the server whether it is there, while calls wait for it. */
  #ping(session: ClientHttp2Session): void {
    if (session.destroyed || !this.#open.get(session)?.running) return;
    const late = setTimeout(() => session.destroy(new Error("the server does not answer")), this.#settings.pingTimeout);
    late.unref();
    session.ping(() => clearTimeout(late));
  }
}

/** Whether a connection takes another call at once. One that accepts none at all takes one, which waits. */
function hasRoom({ remoteSettings }: ClientHttp2Session, { running, isSettled }: Usage): boolean {
  const most = isSettled ? remoteSettings.maxConcurrentStreams : initialStreams;
  return running < Math.max(most ?? Number.POSITIVE_INFINITY, 1);
}
