import { isFault, type Logger, logFault } from "../../cqrs/index.js";
import { PotterError } from "../../errors/index.js";
import {
  alreadyExists,
  type CloseReason,
  closeReasonOf,
  closeReasons,
  type HttpRequest,
  invalidMessage,
  LiveSocket,
  type TransportHost,
  type WebSocketListener,
  type WebSocketPort,
} from "../../http/index.js";
import { newId } from "../../message/index.js";
import { failureFrame, invalidParams, invalidParamsFrame } from "./call-errors.js";
import { Calls, concernsCall, type ServedMethod } from "./calls.js";
import {
  errorFrame,
  type Frame,
  type FrameId,
  goAwayFrame,
  isObject,
  pingFrame,
  type Request,
  readFrame,
  resultFrame,
} from "./frames.js";
import { Identity } from "./identity.js";
import type { WebSocketTransportSettings } from "./options.js";

/** What all connections share. */
export interface ConnectionDependencies extends Pick<TransportHost, "identify" | "onStop"> {
  /** The methods of the app, by `package.Service/Method`. */
  readonly methods: ReadonlyMap<string, ServedMethod>;
  readonly settings: WebSocketTransportSettings;
  readonly logger: Logger;
}

/** Maximum size of all frames before the caller is identified. */
const maxEarlySize = 64 * 1024;

/** Milliseconds within which clients of a server that stops connect again. */
const retryAfter = 1000;

/** One connection of potter.v1.json. Independent of socket libraries, which call its methods. */
export class Connection implements WebSocketListener {
  private readonly dependencies: ConnectionDependencies;
  private readonly live: LiveSocket;
  private readonly identity: Identity;
  private readonly calls: Calls;
  /** Identifies the connection in the log, and to its client. */
  private readonly session: string = newId();
  private state: "new" | "opening" | "open" | "stopping" | "closed" = "new";
  /** Frames that came before the caller was identified. */
  private early: { readonly frame: Frame; readonly size: number }[] = [];
  private earlySize = 0;
  /** Whether a `$/auth` is not answered yet. */
  private isRenewing = false;

  /** `request`: the handshake. Its signal aborts when the server stops. */
  constructor(socket: WebSocketPort, request: HttpRequest, dependencies: ConnectionDependencies) {
    const { settings, logger, onStop, identify, methods } = dependencies;
    const { openTimeout, credit, maxMessageSize, maxTimeout, calls: limit } = settings;
    this.dependencies = dependencies;
    this.live = new LiveSocket(socket, {
      settings,
      onStop,
      first: { timeout: openTimeout, reason: closeReasons.initTimeout },
      ping: pingFrame,
      tooSlow: closeReasons.tooSlow,
      stop: () => void this.shutDown(),
      closed: () => this.end(),
      disconnected: (why) => logger.info(`a WebSocket client was disconnected: ${why}`, { session: this.session }),
    });
    this.identity = new Identity({
      handshake: request,
      identify,
      limit: openTimeout,
      live: this.live,
      expired: () => this.live.close(closeReasons.expired),
      changed: () => this.live.close(closeReasons.forbidden),
    });
    this.calls = new Calls({
      methods,
      limit,
      handshake: request,
      queue: this.live.queue,
      backlog: { size: 0, limit: credit * maxMessageSize },
      credit,
      maxTimeout,
      logger,
      callerOf: () => this.identity.current(),
    });
    this.live.start(request);
  }

  message(data: string | Uint8Array): void {
    if (this.state === "closed") return;
    this.live.heard();
    const reason = typeof data === "string" ? this.read(data) : closeReasons.noBinary;
    if (reason !== undefined) this.live.close(reason);
  }

  pong(): void {
    this.live.heard();
  }

  drain(): void {
    this.live.queue.drain();
  }

  close(): void {
    this.live.release();
  }

  private end(): void {
    this.state = "closed";
    this.identity.close();
    this.calls.drop();
    this.early = [];
  }

  // What reads a frame returns the reason to close the connection, if there is one.

  private read(text: string): CloseReason | undefined {
    const { maxMessageSize, maxJsonDepth } = this.dependencies.settings;
    const isEarly = this.state === "new" || this.state === "opening";
    if (isEarly) this.earlySize += text.length;
    if (text.length > maxMessageSize || this.earlySize > maxEarlySize) return closeReasons.tooBig;
    const frame = readFrame(text, maxJsonDepth);
    if (frame.kind === "broken") return this.refuse(frame.code, frame.message);
    if (this.state === "new") return this.begin(frame, text.length);
    if (this.state !== "opening") return this.receive(frame, text.length);
    this.early.push({ frame, size: text.length });
    return undefined;
  }

  /** Identifies the caller: by `$/open`, or by the headers of the handshake if the first frame is another one. */
  private begin(frame: Frame, size: number): CloseReason | undefined {
    this.live.begun();
    this.state = "opening";
    const opening = frame.kind === "request" && frame.method === "$/open" ? frame : undefined;
    if (opening === undefined) this.early.push({ frame, size });
    const params = opening?.params[0] ?? {};
    if (!isObject(params)) return invalidMessage("the params of $/open must be a list with an object");
    this.identity.use(params).then(
      () => this.opened(opening?.id),
      (error: unknown) => this.reject(error),
    );
    return undefined;
  }

  private opened(id: FrameId | undefined): void {
    if (this.state !== "opening") return;
    this.state = "open";
    this.earlySize = 0;
    if (id !== undefined) this.reply(id, this.toSession());
    for (const { frame, size } of this.early.splice(0)) {
      const reason = this.receive(frame, size);
      if (reason !== undefined) this.live.close(reason);
      if (this.live.isClosed) return;
    }
  }

  private reject(error: unknown): void {
    // What fails because the connection has closed.
    if (this.live.isClosed) return;
    const { session } = this;
    const reason = closeReasonOf(error, "$/open");
    if (reason === closeReasons.failed || isFault(error))
      this.dependencies.logger.error("a WebSocket client could not connect", { session, error });
    this.live.close(reason);
  }

  private toSession(): object {
    const { heartbeat, maxMessageSize, calls, credit } = this.dependencies.settings;
    return { session: this.session, heartbeat, maxMessageSize, calls, credit, ...this.toExpiry() };
  }

  private toExpiry(): { readonly expires?: string } {
    const { expires } = this.identity;
    return expires === undefined ? {} : { expires: expires.toISOString() };
  }

  private receive(frame: Frame, size: number): CloseReason | undefined {
    switch (frame.kind) {
      case "request":
        return this.request(frame);
      case "notification": {
        if (!frame.method.startsWith("$/")) return this.refuse(-32600, "a call must have an id");
        const fault = concernsCall(frame.method) ? this.calls.notify(frame, size) : undefined;
        return fault === undefined ? undefined : this.refuse(-32600, fault);
      }
      case "refused":
        this.refuseParams(frame.id, "params must be a list: the request, then optionally its metadata");
        return undefined;
      default:
        // The answer to a ping.
        return undefined;
    }
  }

  private request(frame: Request): CloseReason | undefined {
    const { id, method } = frame;
    // An answer would be taken for that of the call.
    if (this.calls.has(id)) return alreadyExists("Call", String(id));
    if (method === "$/open") return closeReasons.tooManyInits;
    if (method === "$/ping") this.reply(id, {});
    else if (method === "$/auth") this.renew(frame);
    else if (this.state === "stopping") this.fail(id, stopping(), true);
    else this.calls.start(frame);
    return undefined;
  }

  private renew({ id, params }: Request): void {
    const [given = {}] = params;
    if (!isObject(given)) this.refuseParams(id, "the params of $/auth must be a list with an object");
    else if (this.isRenewing) this.fail(id, new PotterError("aborted", "another $/auth is not answered yet"));
    else {
      this.isRenewing = true;
      const renewed = this.identity.use(given).then(
        () => this.reply(id, this.toExpiry()),
        (error: unknown) => {
          if (this.live.isClosed) return;
          const { session } = this;
          logFault(this.dependencies.logger, "a WebSocket client could not renew its credentials", error, { session });
          this.fail(id, error);
        },
      );
      renewed.then(() => {
        this.isRenewing = false;
      });
    }
  }

  /** Finishes calls without a stream of responses, and ends the others, so that clients resume elsewhere. */
  private async shutDown(): Promise<void> {
    if (this.state === "closed" || this.state === "stopping") return;
    const wasOpen = this.state === "open";
    this.state = "stopping";
    this.live.begun();
    if (wasOpen) this.live.queue.reply(goAwayFrame("stopping", retryAfter));
    await this.calls.finish(stopping());
    this.live.close(closeReasons.goingAway);
  }

  private reply(id: FrameId, result: object): void {
    if (!this.live.isClosed) this.live.queue.reply(resultFrame(JSON.stringify(id), JSON.stringify(result)));
  }

  private fail(id: FrameId, error: unknown, unprocessed = false): void {
    if (!this.live.isClosed) this.live.queue.reply(failureFrame(JSON.stringify(id), error, { unprocessed }));
  }

  private refuseParams(id: FrameId, message: string): void {
    this.live.queue.reply(invalidParamsFrame(JSON.stringify(id), invalidParams(message)));
  }

  /** Reports a frame after which the two sides no longer agree on what was sent. */
  private refuse(code: number, message: string): CloseReason {
    this.live.queue.reply(errorFrame("null", { code, message }));
    // At most 123 bytes (RFC 6455, section 5.5).
    return invalidMessage(message.slice(0, 123));
  }
}

function stopping(): PotterError {
  return new PotterError("unavailable", "the server is stopping: connect again", { retryAfter });
}
