import { type Code, PotterClientError } from "../errors/index.js";
import type { Answer, OutgoingCall, TokenSource } from "../transport/index.js";
import { toCloseError } from "./close-error.js";
import {
  type Accepted,
  type CallResult,
  type Frame,
  type FrameError,
  isFrame,
  type Limits,
  subprotocol,
  writeFrame,
} from "./frames.js";
import type { ConnectionSettings } from "./options.js";
import type { Socket } from "./socket.js";
import { SocketCall } from "./socket-call.js";

/** Receives what concerns one request. */
type Receiver = Pick<SocketCall, "succeed" | "refuse" | "fail"> & Partial<Pick<SocketCall, "item" | "grant">>;

/** One WebSocket with the calls of one user. */
export class SocketConnection {
  /** The token with which it was opened, or the last one that the server accepted. */
  token: string | undefined;
  /** Whether new calls need another connection. */
  isRetired = false;
  /** Why it has closed. */
  closed: PotterClientError | undefined;
  readonly #settings: ConnectionSettings;
  readonly #socket: Socket;
  /** Resolves when the socket is open. Rejects if it cannot be. */
  readonly #ready: Promise<void>;
  readonly #opened: Promise<void>;
  readonly #receivers: Map<number, Receiver> = new Map();
  /** Calls that wait until the server accepts more of them. */
  readonly #waiting: Set<SocketCall> = new Set();
  /** Calls that the server has not answered, cancelled ones included. */
  readonly #unanswered: Set<number> = new Set();
  /** Before the server tells its limits, one short call may show whether it is there. */
  #limits: Limits = { calls: 1 } as Limits;
  /** The `$/auth` that is not answered yet. */
  #renewing: { readonly token: string; readonly done: Promise<void> } | undefined;
  #source: TokenSource | undefined;
  #users = 0;
  #lastId = 0;
  /** How often the timer has fired since the server was heard. */
  #silence = 0;
  #timer: ReturnType<typeof setInterval> | undefined;
  /** When the connection must be open, and then when the token must be renewed. */
  #due: ReturnType<typeof setTimeout> | undefined;
  /** Whether the token was due for renewal when no call was running. */
  #isStale = false;
  #isAccepted = false;
  /** Why calls move to another connection: the server goes away, and has not begun them. */
  #leaving: PotterClientError | undefined;

  constructor(settings: ConnectionSettings, token: string | undefined) {
    this.#settings = settings;
    this.token = token;
    const socket = new settings.webSocket(settings.url, subprotocol);
    this.#socket = socket;
    this.#due = setTimeout(this.#giveUp, settings.connectTimeout);
    this.#ready = new Promise((resolve, reject) => {
      socket.onopen = () => {
        clearTimeout(this.#due);
        resolve();
      };
      socket.onclose = ({ code, reason }: { readonly code: number; readonly reason: string }) => {
        // The server answers `$/open` before it begins calls. Had it done so, the answer would have come before its close.
        this.#ended(code, reason, !this.#isAccepted && code !== 1006);
        reject(this.closed);
      };
    });
    socket.onmessage = ({ data }: { readonly data: unknown }) => this.#receive(data);
    socket.onerror = () => {};
    this.#opened = this.#ready.then(() => this.#open());
    this.#opened.catch(() => {});
  }

  /** Closes the connection once its calls have ended. */
  retire(): void {
    this.isRetired = true;
    if (this.#users + this.#receivers.size === 0) this.close();
  }

  /** Sends a call when the server accepts it. Resolves with undefined if the call needs another connection. */
  async send(call: OutgoingCall, token: string | undefined): Promise<Answer | undefined> {
    this.#users++;
    try {
      this.#source = call.token;
      await this.#ready;
      await this.#authenticate(token);
      if (this.#leaving || (this.isRetired && token !== this.token)) return undefined;
      return await this.#call(call);
    } catch (error) {
      if (error !== this.#leaving) throw error;
      return undefined;
    } finally {
      this.#users--;
      if (this.isRetired) this.retire();
    }
  }

  /** Closes the socket, and fails what is running. */
  close(code = 1000, reason = ""): void {
    this.#socket.close(code);
    this.#ended(code, reason, false);
  }

  async #open(): Promise<void> {
    const { params } = this.#settings;
    const opened = await this.#request<Limits & Accepted>("$/open", { ...params, token: this.token });
    this.#limits = opened;
    this.#scheduleRenewal(opened);
    this.#sendWaiting();
  }

  /** Makes sure that the server knows the token of a call: by one `$/auth` for each token, one after the other. */
  async #authenticate(token: string | undefined): Promise<void> {
    while (this.#renewing && this.#renewing.token !== token) await this.#renewing.done.catch(() => {});
    if (token === undefined || token === this.token) return;
    this.#renewing ??= { token, done: this.#renewTo(token) };
    await this.#renewing.done;
  }

  async #renewTo(token: string): Promise<void> {
    try {
      this.#scheduleRenewal(await this.#request<Accepted>("$/auth", { token }));
      this.token = token;
    } catch (error) {
      if ((error as PotterClientError).code !== "permission_denied") throw error;
      // Another user needs a connection of its own. The calls of this one go on.
      this.retire();
    } finally {
      this.#renewing = undefined;
    }
  }

  #request<Result>(method: string, params: object): Promise<Result> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      if (this.closed) return reject(this.closed);
      this.#receivers.set(id, {
        succeed: (result: CallResult) => resolve(result as Result),
        refuse: ({ message = "", data }: FrameError) =>
          reject(new PotterClientError((data?.code as Code | undefined) ?? "internal", message, { unprocessed: true })),
        fail: reject,
      });
      this.#send(writeFrame({ id, method, params: [params] }));
    });
  }

  async #call(call: OutgoingCall): Promise<Answer> {
    const id = ++this.#lastId;
    const running: SocketCall = new SocketCall(id, call, {
      credit: this.#settings.credit,
      send: (frame) => {
        this.#check(frame);
        if (this.#unanswered.has(id)) this.#send(frame);
      },
      release: () => {
        this.#waiting.delete(running);
        this.#release(id);
      },
    });
    // Until it has answered `$/open`, the server keeps 64 KiB and grants no credit.
    if (running.takesStream || running.frame.length > 2 ** 14) await this.#opened;
    this.#check(running.frame);
    if (this.closed) throw this.closed;
    this.#receivers.set(id, running);
    this.#waiting.add(running);
    this.#watch();
    if (this.#isStale) this.#renew();
    // Before it is sent, since it may be aborted by now.
    const answered = running.answer();
    this.#sendWaiting();
    const answer = await answered;
    // A stream is open once the server has accepted the connection. Other calls are answered after that anyway.
    await this.#opened;
    return answer;
  }

  /** Sends as many of the calls that wait as the server accepts. */
  #sendWaiting(): void {
    for (const call of this.#waiting) {
      if (this.#unanswered.size >= this.#limits.calls) return;
      this.#waiting.delete(call);
      this.#unanswered.add(call.id);
      call.send(this.#limits.credit);
    }
  }

  /** Refuses a frame for which the server would close the connection, with all calls. */
  #check(frame: string): void {
    const { maxMessageSize } = this.#limits;
    if (frame.length * 3 > maxMessageSize && new TextEncoder().encode(frame).length > maxMessageSize)
      throw new PotterClientError("resource_exhausted", `a message is larger than ${maxMessageSize} bytes`);
  }

  readonly #giveUp = (): void => this.close(4408, "it does not answer");

  #send(frame: string): void {
    if (!this.closed) this.#socket.send(frame);
  }

  /** A frame that cannot be read may be one that a call waits for: all of them fail. */
  #receive(data: unknown): void {
    this.#silence = 0;
    try {
      const frame: unknown = typeof data === "string" && JSON.parse(data);
      if (!isFrame(frame)) throw new TypeError();
      this.#take(frame);
    } catch {
      this.close(4400, "it sent a malformed frame");
    }
  }

  #take({ id, method, params = [], result, error }: Frame): void {
    if (method === undefined) {
      const receiver = this.#receivers.get(id as number);
      // `$/open` is answered first.
      this.#isAccepted = true;
      this.#unanswered.delete(id as number);
      if (result !== undefined) receiver?.succeed(result);
      else receiver?.refuse(error ?? {}, this.isRetired);
      this.#release(id as number);
      this.#sendWaiting();
      return;
    }
    if (method === "$/ping") this.#send(writeFrame({ id: id ?? null, result: {} }));
    if (method === "$/goaway") this.#leave();
    const [call, value, position] = params as [number, unknown, string | undefined];
    const receiver = this.#receivers.get(call);
    if (method === "$/item") receiver?.item?.({ message: value, id: position });
    else if (method === "$/position") receiver?.item?.({ id: value as string });
    else if (method === "$/credit") receiver?.grant?.(value as number);
  }

  #release(id: number): void {
    this.#receivers.delete(id);
    if (this.#receivers.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    if (this.isRetired) this.retire();
  }

  #leave(): void {
    this.isRetired = true;
    this.#leaving = toCloseError(1001, "it goes away", true);
    for (const call of this.#waiting) call.fail(this.#leaving);
  }

  /** While calls are running, asks a server that has been silent, and gives it up if it stays so. */
  #watch(): void {
    const { idleTimeout } = this.#settings;
    if (idleTimeout === 0 || this.#timer !== undefined) return;
    this.#silence = 0;
    this.#timer = setInterval(() => {
      const silence = this.#silence++;
      if (silence === 1) this.#send(writeFrame({ id: ++this.#lastId, method: "$/ping" }));
      else if (silence > 1) this.#giveUp();
    }, idleTimeout);
  }

  /** Renews the token shortly before it expires: after nine tenths of its time, or with the next call if none is running then. */
  #scheduleRenewal({ expires }: Accepted): void {
    clearTimeout(this.#due);
    this.#isStale = false;
    const left = expires === undefined ? 0 : (Date.parse(expires) - Date.now()) * 0.9;
    if (left > 0) this.#due = setTimeout(() => this.#renew(), Math.min(left, 2 ** 31 - 1));
  }

  async #renew(): Promise<void> {
    this.#isStale = this.#receivers.size === 0;
    if (this.#isStale) return;
    try {
      await this.#authenticate(await this.#source?.({ renew: true }));
    } catch {}
  }

  /** `unprocessed`: the server has certainly begun no call. A connection that breaks leaves that open. */
  #ended(code: number, reason: string, unprocessed: boolean): void {
    if (this.closed) return;
    // What is wrong with credentials or one message says nothing about the calls that were running.
    const effective = this.#isAccepted && code !== 4400 ? 1006 : code;
    const why = reason || `code ${code}`;
    this.closed = toCloseError(effective, why, true);
    this.isRetired = true;
    clearInterval(this.#timer);
    clearTimeout(this.#due);
    for (const [id, receiver] of this.#receivers) {
      receiver.fail(toCloseError(effective, why, unprocessed || !this.#unanswered.has(id)));
    }
    this.#receivers.clear();
  }
}
