import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  constants,
  type IncomingHttpHeaders,
  sensitiveHeaders,
} from "node:http2";
import { gunzipSync } from "node:zlib";
import { readEnvelopes, toEnvelope } from "../envelopes/index.js";
import { PotterClientError } from "../errors/index.js";
import {
  type Answer,
  type OutgoingCall,
  type ResponseHeaders,
  type StreamItem,
  toAbortError,
} from "../transport/index.js";
import { toResetError, toResponseError, toStatusError } from "./status.js";

/** One call on a connection. */
export class GrpcCall {
  readonly #session: ClientHttp2Session;
  readonly #call: OutgoingCall;
  readonly #maxMessageSize: number;
  readonly #stream: ClientHttp2Stream;
  readonly #trailers: Map<string, string> = new Map();
  readonly #began: number = performance.now();
  #headers: ResponseHeaders | undefined;
  #status: IncomingHttpHeaders | undefined;
  #encoding: string | undefined;
  #cause: unknown;

  constructor(session: ClientHttp2Session, call: OutgoingCall, maxMessageSize: number) {
    this.#session = session;
    this.#call = call;
    this.#maxMessageSize = maxMessageSize;
    this.#stream = session.request(toHttpHeaders(call), { endStream: false });
    this.#stream.on("error", (error) => {
      this.#cause = error;
    });
    this.#stream.on("trailers", (trailers) => {
      this.#status = trailers;
      copyHeaders(trailers, this.#trailers);
    });
    call.signal?.addEventListener("abort", this.#abort);
    if (call.signal?.aborted) this.#abort();
    if (call.idleTimeout) {
      const message = `${call.method.name}: the server was silent for ${call.idleTimeout} ms`;
      this.#stream.setTimeout(call.idleTimeout, () => this.#fail(new PotterClientError("unavailable", message)));
    }
    this.#stream.once("close", () => call.signal?.removeEventListener("abort", this.#abort));
  }

  /** Resolves when the stream has closed. */
  get closed(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#stream.closed) resolve();
      else this.#stream.once("close", resolve);
    });
  }

  /** Sends the request and resolves with the answer; with a stream of responses once it has begun. */
  async start(): Promise<Answer> {
    const { stream } = this.#call.method;
    const sent = this.#send();
    sent.catch((error: unknown) => this.#fail(error));
    const headers = await this.#response();
    const items = this.#read();
    if (stream === "server" || stream === "bidi") return { response: items, headers, trailers: this.#trailers };
    const found: StreamItem[] = [];
    for await (const item of items) found.push(item);
    if (found.length !== 1) {
      const message = `${this.#call.method.name}: expected one response, found ${found.length}`;
      throw new PotterClientError("unimplemented", message);
    }
    return { response: found[0]?.message, headers, trailers: this.#trailers };
  }

  #response(): Promise<ResponseHeaders> {
    return new Promise((resolve, reject) => {
      this.#stream.once("close", () => reject(this.#toError()));
      this.#stream.once("response", (headers, flags) => {
        const error = toResponseError(this.#call, headers);
        if (error !== undefined) {
          this.#stream.resume();
          this.#stream.close(constants.NGHTTP2_CANCEL);
          return reject(error);
        }
        this.#encoding = headers["grpc-encoding"]?.toString();
        this.#headers = copyHeaders(headers, new Map());
        // Without a body, all fields are trailers (Trailers-Only). Otherwise a status among the headers means nothing.
        if ((flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0) {
          this.#status = headers;
          copyHeaders(headers, this.#trailers);
          const failure = this.#toStatusError(headers);
          if (failure !== undefined) {
            this.#stream.resume();
            return reject(failure);
          }
        }
        resolve(this.#headers);
      });
    });
  }

  async *#read(): AsyncGenerator<StreamItem, void, undefined> {
    try {
      for await (const { flags, data } of readEnvelopes(this.#stream, this.#checkSize)) {
        yield { message: this.#decode(flags, data) };
      }
      // The status follows the last message.
      if (this.#status === undefined) await this.closed;
    } catch (error) {
      if (error instanceof PotterClientError && this.#cause === undefined) throw error;
      throw this.#toError();
    } finally {
      if (!this.#stream.closed) this.#stream.close(constants.NGHTTP2_CANCEL);
    }
    if (this.#status === undefined) throw this.#toError();
    const failure = this.#toStatusError(this.#status);
    if (failure !== undefined) throw failure;
  }

  #toStatusError(fields: IncomingHttpHeaders): PotterClientError | undefined {
    return toStatusError(this.#call, fields, {
      ...(this.#headers && { headers: this.#headers }),
      trailers: this.#trailers,
    });
  }

  async #send(): Promise<void> {
    const { method, request } = this.#call;
    const encode = (message: unknown): Uint8Array => {
      const codec = method.request;
      return toEnvelope(codec === undefined ? JSON.stringify(message) : codec.encode(message));
    };
    if (method.stream === "unary" || method.stream === "server") {
      this.#stream.end(encode(request));
      return;
    }
    for await (const message of request as AsyncIterable<unknown>) {
      if (this.#stream.closed || this.#stream.destroyed) return;
      if (!this.#stream.write(encode(message))) await this.#writable();
    }
    if (!this.#stream.closed) this.#stream.end();
  }

  /** Resolves when more can be written, or never will. */
  #writable(): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#stream.off("drain", done);
        this.#stream.off("close", done);
        resolve();
      };
      this.#stream.on("drain", done);
      this.#stream.on("close", done);
    });
  }

  #decode(flags: number, data: Uint8Array): unknown {
    const { response: codec, name } = this.#call.method;
    try {
      const plain = (flags & 1) === 0 ? data : this.#inflate(data);
      return codec === undefined ? JSON.parse(new TextDecoder().decode(plain)) : codec.decode(plain);
    } catch (cause) {
      if (cause instanceof PotterClientError) throw cause;
      throw new PotterClientError("internal", `${name}: the response could not be decoded`, { cause });
    }
  }

  readonly #checkSize = (size: number): void => {
    if (size <= this.#maxMessageSize) return;
    throw new PotterClientError("resource_exhausted", `a message is larger than ${this.#maxMessageSize} bytes`);
  };

  #inflate(data: Uint8Array): Uint8Array {
    if (this.#encoding !== "gzip") {
      throw new PotterClientError("internal", "compressed message, but not by gzip, which was asked for");
    }
    try {
      return gunzipSync(data, { maxOutputLength: this.#maxMessageSize });
    } catch (cause) {
      const isTooLarge = (cause as { readonly code?: string }).code === "ERR_BUFFER_TOO_LARGE";
      const what = isTooLarge ? `is larger than ${this.#maxMessageSize} bytes` : "is not valid gzip";
      throw new PotterClientError(isTooLarge ? "resource_exhausted" : "internal", `a message ${what}`, { cause });
    }
  }

  readonly #abort = (): void => {
    this.#stream.close(constants.NGHTTP2_CANCEL);
  };

  /** Whether the deadline has passed: a server may notice it first, and cancels the call. */
  get #isOverdue(): boolean {
    const { timeout } = this.#call;
    return timeout !== undefined && performance.now() - this.#began >= timeout;
  }

  #fail(error: unknown): void {
    this.#cause ??= error;
    this.#stream.close(constants.NGHTTP2_CANCEL);
  }

  #toError(): PotterClientError {
    const { signal } = this.#call;
    if (signal?.aborted) return toAbortError(signal);
    if (this.#cause instanceof PotterClientError) return this.#cause;
    const failure = this.#status && this.#toStatusError(this.#status);
    if (failure !== undefined) return failure;
    const { rstCode = constants.NGHTTP2_NO_ERROR } = this.#stream;
    // A connection that is lost resets its streams too.
    const isReset = this.#cause === undefined || isStreamError(this.#cause);
    if (isReset && !this.#session.destroyed) {
      if (rstCode === constants.NGHTTP2_NO_ERROR) return toStatusless(this.#call);
      return this.#isOverdue && rstCode === constants.NGHTTP2_CANCEL
        ? toOverdueError(this.#call)
        : toResetError(this.#call, rstCode);
    }
    const cause = this.#cause;
    const message = `${this.#call.method.name}: no connection to the server${toReason(cause)}`;
    return new PotterClientError("unavailable", message, {
      ...(cause !== undefined && { cause }),
      unprocessed: this.#session.alpnProtocol === undefined || rstCode === constants.NGHTTP2_REFUSED_STREAM,
    });
  }
}

function isStreamError(error: unknown): boolean {
  return (error as { readonly code?: string }).code === "ERR_HTTP2_STREAM_ERROR";
}

function toOverdueError({ method, timeout }: OutgoingCall): PotterClientError {
  return new PotterClientError("deadline_exceeded", `${method.name}: the server ended the call after ${timeout} ms`);
}

function toStatusless({ method }: OutgoingCall): PotterClientError {
  return new PotterClientError("internal", `${method.name}: the server sent no status`);
}

/** Headers that must not be kept in the tables of proxies. */
const secret = ["authorization", "cookie", "proxy-authorization"];

function toHttpHeaders({ method, headers, timeout }: OutgoingCall): Record<string | symbol, string | string[]> {
  const sent: Record<string | symbol, string | string[]> = {
    ":method": "POST",
    ":path": `/${method.service}/${method.name}`,
    "content-type": `application/grpc+${method.request ? "proto" : "json"}`,
    te: "trailers",
    "user-agent": "potter-client",
    "grpc-accept-encoding": "gzip",
    [sensitiveHeaders]: secret,
  };
  for (const [name, value] of Object.entries(headers)) {
    // Node leaves out what it cannot send, also the id of a command.
    if (/[^\t -~\x80-\xff]/.test([value].flat().join("")))
      throw new PotterClientError("invalid_argument", `${name} has characters that headers cannot have`);
    sent[name] = typeof value === "string" ? value : [...value];
  }
  if (timeout !== undefined) sent["grpc-timeout"] = toTimeout(timeout);
  return sent;
}

/** At most eight digits. */
function toTimeout(milliseconds: number): string {
  const whole = Math.ceil(milliseconds);
  return whole < 1e8 ? `${whole}m` : `${Math.min(Math.ceil(whole / 1000), 99_999_999)}S`;
}

function copyHeaders(from: IncomingHttpHeaders, to: Map<string, string>): Map<string, string> {
  for (const [name, value] of Object.entries(from)) {
    if (!name.startsWith(":") && value !== undefined) to.set(name, [value].flat().join(", "));
  }
  return to;
}

/** Why there is no connection, by the code of the innermost cause: ` (ECONNREFUSED)`. Empty if it has none. */
function toReason(error: unknown): string {
  if (!(error instanceof Error)) return "";
  const { code, cause } = error as { readonly code?: unknown; readonly cause?: unknown };
  return toReason(cause) || (typeof code === "string" ? ` (${code})` : "");
}
