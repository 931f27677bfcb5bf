import { type Code, PotterClientError } from "../errors/index.js";
import type { Answer, OutgoingCall, TokenSource } from "../transport/index.js";
import {
  type CallResult,
  type Frame,
  type FrameError,
  pongFrame,
  requestFrame,
  subprotocol,
  toFrame,
} from "./frames.js";
import type { Socket, SocketConstructor } from "./socket.js";
import { SocketCall } from "./socket-call.js";

/** The settings of a connection. */
export interface ConnectionSettings {
  readonly url: string;
  readonly webSocket: SocketConstructor;
  readonly params: Readonly<Record<string, unknown>>;
  readonly credit: number;
  readonly idleTimeout: number;
  readonly connectTimeout: number;
}

/** What the server tells when it opens a connection. */
interface Opened extends CallResult {
  readonly credit?: number;
  readonly expires?: string;
}

/** Receives what concerns one request. */
type Receiver = Pick<SocketCall, "succeed" | "refuse" | "fail"> & Partial<Pick<SocketCall, "item" | "grant">>;

/** How a call ends when the connection closes with a code. Others: `unavailable`. */
const closeCodes: Readonly<Record<number, Code>> = {
  1003: "internal",
  1009: "resource_exhausted",
  4400: "internal",
  4401: "unauthenticated",
  4403: "permission_denied",
  4409: "internal",
  4429: "internal",
};

/** One WebSocket with its calls. */
export class SocketConnection {
  /** Resolves when the socket is open. Rejects if it cannot be. */
  readonly ready: Promise<void>;
  /** The token with which it was opened, or the last one that the server accepted. */
  token: string | undefined;
  readonly #settings: ConnectionSettings;
  readonly #socket: Socket;
  readonly #receivers: Map<number, Receiver> = new Map();
  readonly #opened: Promise<Opened>;
  #source: TokenSource | undefined;
  #lastId = 0;
  #hasHeard = false;
  #timer: ReturnType<typeof setInterval> | undefined;
  #renewal: ReturnType<typeof setTimeout> | undefined;
  /** Whether the token was due for renewal when no call was running. */
  #isStale = false;
  #isRetired = false;
  #isAccepted = false;
  /** How it has closed. */
  #closed: { readonly code: number; readonly reason: string } | undefined;

  constructor(settings: ConnectionSettings, token: string | undefined) {
    this.#settings = settings;
    this.token = token;
    const socket = new settings.webSocket(settings.url, subprotocol);
    this.#socket = socket;
    const late = setTimeout(() => this.close(1006, "the connection was not open in time"), settings.connectTimeout);
    let fail: (error: PotterClientError) => void = () => {};
    this.ready = new Promise((resolve, reject) => {
      fail = reject;
      socket.onopen = () => {
        clearTimeout(late);
        resolve();
      };
    });
    socket.onmessage = ({ data }: { readonly data: unknown }) => this.#receive(data);
    socket.onerror = () => {};
    socket.onclose = ({ code, reason }: { readonly code: number; readonly reason: string }) => {
      clearTimeout(late);
      fail(toCloseError(code, reason, true));
      // The server answers `$/open` before it begins calls. Had it done so, the answer would have come before its close.
      this.#ended(code, reason, !this.#isAccepted && code !== 1006);
    };
    this.#opened = this.ready.then(() => this.#open());
    this.#opened.catch(() => {});
  }

  /** Whether new calls need another connection. */
  get isRetired(): boolean {
    return this.#isRetired;
  }

  /** Whether the socket has closed. */
  get isClosed(): boolean {
    return this.#closed !== undefined;
  }

  /** Closes the connection once its running calls have ended. */
  retire(): void {
    this.#isRetired = true;
    if (this.#receivers.size === 0) this.close();
  }

  /** Makes sure that the server knows the token of a call. Rejects if it does not accept it. */
  async authenticate(token: string | undefined, source: TokenSource | undefined): Promise<void> {
    this.#source = source;
    await this.ready;
    if (token === undefined || token === this.token) return;
    const opened = await this.#request<Opened>("$/auth", { token });
    this.token = token;
    this.#scheduleRenewal(opened);
  }

  /** Sends a call. */
  async call(call: OutgoingCall): Promise<Answer> {
    const { stream } = call.method;
    const sendCredit = stream === "client" || stream === "bidi" ? ((await this.#opened).credit ?? 1) : 0;
    if (this.#closed !== undefined) throw toCloseError(this.#closed.code, this.#closed.reason, true);
    const id = ++this.#lastId;
    const running = new SocketCall(id, call, {
      credit: this.#settings.credit,
      sendCredit,
      send: (frame) => this.#send(frame),
      release: () => this.#release(id),
    });
    this.#receivers.set(id, running);
    this.#watch();
    if (this.#isStale) this.#renew();
    const answer = await running.start();
    // A stream is open once the server has accepted the connection. Other calls are answered after that anyway.
    await this.#opened;
    return answer;
  }

  /** Closes the socket, and fails what is running. */
  close(code = 1000, reason = ""): void {
    // 1006 must not be sent.
    this.#socket.close(code === 1006 ? 1000 : code);
    this.#ended(code, reason, false);
  }

  #open(): Promise<Opened> {
    const { params } = this.#settings;
    const opened = this.#request<Opened>("$/open", { ...params, ...(this.token && { token: this.token }) });
    return opened.then((result) => {
      this.#scheduleRenewal(result);
      return result;
    });
  }

  #request<Result extends CallResult>(method: string, ...params: readonly unknown[]): Promise<Result> {
    if (this.#closed !== undefined) return Promise.reject(toCloseError(this.#closed.code, this.#closed.reason, true));
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const end = <Value>(settle: (value: Value) => void) => {
        return (value: Value) => {
          this.#release(id);
          settle(value);
        };
      };
      this.#receivers.set(id, {
        succeed: end((result: CallResult) => resolve(result as Result)),
        refuse: end(({ message = "", data }: FrameError) =>
          reject(new PotterClientError((data?.code as Code | undefined) ?? "internal", message, { unprocessed: true })),
        ),
        fail: end(reject),
      });
      this.#send(requestFrame(id, method, ...params));
    });
  }

  #send(frame: string): void {
    if (this.#closed === undefined) this.#socket.send(frame);
  }

  /** A frame that cannot be read may be one that a call waits for: all of them fail. */
  #receive(data: unknown): void {
    this.#hasHeard = true;
    try {
      const frame: unknown = typeof data === "string" ? JSON.parse(data) : undefined;
      this.#take(toFrame(frame));
    } catch {
      this.close(4400, "the server sent a malformed frame");
    }
  }

  #take({ id, method, params = [], result, error }: Frame): void {
    if (method === undefined) {
      const receiver = this.#receivers.get(id as number);
      // `$/open` is answered first.
      this.#isAccepted = true;
      if (result !== undefined) receiver?.succeed(result);
      else receiver?.refuse(error ?? {}, this.#isRetired);
      return;
    }
    if (method === "$/ping") this.#send(pongFrame(id ?? null));
    if (method === "$/goaway") this.#isRetired = true;
    const [call, value, position] = params as [number, unknown, string | undefined];
    const receiver = this.#receivers.get(call);
    if (method === "$/item") receiver?.item?.({ message: value, ...(position !== undefined && { id: position }) });
    else if (method === "$/position") receiver?.item?.({ id: value as string });
    else if (method === "$/credit") receiver?.grant?.(value as number);
  }

  #release(id: number): void {
    this.#receivers.delete(id);
    if (this.#receivers.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    if (this.#isRetired) this.close();
  }

  /** While calls are running, asks a server that has been silent, and gives it up if it stays so. */
  #watch(): void {
    const { idleTimeout } = this.#settings;
    if (idleTimeout === 0 || this.#timer !== undefined) return;
    this.#hasHeard = true;
    let isAsked = false;
    this.#timer = setInterval(() => {
      if (this.#hasHeard) isAsked = false;
      else if (isAsked) this.close(1006, "the server does not answer");
      else {
        isAsked = true;
        this.#send(requestFrame(++this.#lastId, "$/ping"));
      }
      this.#hasHeard = false;
    }, idleTimeout);
  }

  /** Renews the token shortly before it expires: after nine tenths of its time, or with the next call if none is running then. */
  #scheduleRenewal({ expires }: Opened): void {
    clearTimeout(this.#renewal);
    this.#isStale = false;
    const left = expires === undefined ? 0 : (Date.parse(expires) - Date.now()) * 0.9;
    if (left > 0) this.#renewal = setTimeout(() => this.#renew(), Math.min(left, 2 ** 31 - 1));
  }

  #renew(): void {
    const source = this.#source;
    this.#isStale = source === undefined || this.#receivers.size === 0;
    if (source !== undefined && !this.#isStale) this.#renewBy(source).catch(() => {});
  }

  async #renewBy(source: TokenSource): Promise<void> {
    await this.authenticate(await source({ renew: true }), source);
  }

  /** `unprocessed`: the server has certainly begun no call. A connection that breaks leaves that open. */
  #ended(code: number, reason: string, unprocessed: boolean): void {
    if (this.#closed !== undefined) return;
    // Credentials that have expired say nothing about the calls that were running.
    const effective = code === 4401 && this.#isAccepted ? 1006 : code;
    this.#closed = { code: effective, reason };
    this.#isRetired = true;
    clearInterval(this.#timer);
    clearTimeout(this.#renewal);
    const receivers = [...this.#receivers.values()];
    this.#receivers.clear();
    for (const receiver of receivers) receiver.fail(toCloseError(effective, reason, unprocessed));
  }
}

function toCloseError(code: number, reason: string, unprocessed: boolean): PotterClientError {
  const because = reason === "" ? ` (close code ${code})` : `: ${reason}`;
  const what = unprocessed ? "no connection to the server" : "the connection to the server was closed";
  return new PotterClientError(closeCodes[code] ?? "unavailable", what + because, {
    unprocessed,
  });
}
