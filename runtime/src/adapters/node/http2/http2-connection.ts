import type { IncomingHttpHeaders, ServerHttp2Session, ServerHttp2Stream } from "node:http2";
import { constants } from "node:http2";
import type { Socket } from "node:net";
import { answerProblem, HttpError, type HttpHandler, type HttpResponse } from "../../../http/index.js";
import { type AppRunner, discard, isStreamed, refusals, refuseExpectation, release } from "../exchange/index.js";
import { Http2Request } from "./http2-request.js";
import type { Http2Writer } from "./http2-writer.js";

/** The largest id of a stream. A GOAWAY with it announces the end, and refuses nothing yet (RFC 9113, section 6.8). */
const lastStreamId = 2 ** 31 - 1;

/** A connection of a client that speaks HTTP/2. */
export class Http2Connection {
  private readonly session: ServerHttp2Session;
  private readonly socket: Socket;
  private readonly runner: AppRunner;
  private readonly writer: Http2Writer;
  private requests = 0;
  private running = 0;
  private idleSince: number = performance.now();
  private isLeaving = false;

  constructor(session: ServerHttp2Session, socket: Socket, runner: AppRunner, writer: Http2Writer) {
    this.session = session;
    this.socket = socket;
    this.runner = runner;
    this.writer = writer;
    // A client that has got everything may leave the connection open.
    socket.once("finish", () => release(socket));
    // Without a listener, invalid input would end the process. The session closes by itself.
    session.on("error", () => {});
    // node:http2 emits the pairs as the fourth argument, which its types lack.
    session.on("stream", ((stream: ServerHttp2Stream, fields: IncomingHttpHeaders, _flags: number, pairs: string[]) =>
      this.take(stream, fields, pairs)) as (stream: ServerHttp2Stream, fields: IncomingHttpHeaders) => void);
  }

  /** Whether no request has been running for `milliseconds`. */
  isIdle(now: number, since: number, milliseconds: number): boolean {
    return this.running === 0 && now - Math.max(since, this.idleSince) >= milliseconds;
  }

  /** Asks the client to send further requests elsewhere. Those that arrive are still answered. */
  announceEnd(): void {
    if (this.isLeaving || this.session.destroyed) return;
    this.isLeaving = true;
    this.session.goaway(constants.NGHTTP2_NO_ERROR, lastStreamId);
  }

  /** Refuses further requests, and closes when those that run are answered. */
  close(): void {
    if (!this.session.closed && !this.session.destroyed) this.session.close();
  }

  destroy(): void {
    this.session.destroy();
    this.socket.destroy();
  }

  private take(stream: ServerHttp2Stream, fields: IncomingHttpHeaders, pairs: readonly string[]): void {
    this.running++;
    const isLast = ++this.requests >= this.runner.settings.maxRequestsPerConnection;
    const request = new Http2Request(stream, fields, pairs);
    // An error of a stream is an error of its client, which `close` follows.
    stream.on("error", ignore);
    stream.on("close", () => this.end(stream, request));
    this.runner.run(request, (response) => this.answer(stream, request, response), this.handlerOf(stream, fields));
    if (isLast) this.announceEnd();
  }

  private handlerOf(stream: ServerHttp2Stream, fields: IncomingHttpHeaders): HttpHandler | undefined {
    if (fields[":method"] === "CONNECT") return refuseConnect;
    const { expect } = fields;
    if (expect === undefined) return undefined;
    if (expect.toLowerCase() !== "100-continue") return refuseExpectation;
    stream.additionalHeaders({ ":status": 100 });
    return undefined;
  }

  private end(stream: ServerHttp2Stream, request: Http2Request): void {
    this.running--;
    if (this.running === 0) this.idleSince = performance.now();
    this.runner.streams.delete(request);
    if (!stream.headersSent || !stream.writableFinished) request.abort();
  }

  private answer(stream: ServerHttp2Stream, request: Http2Request, response: HttpResponse): void {
    if (response.webSocket !== undefined || (isStreamed(response) && request.method !== "HEAD")) {
      const refusal =
        response.webSocket !== undefined
          ? refusals.noWebSocketsOverHttp2()
          : this.runner.startStream(request, !stream.destroyed);
      if (refusal !== undefined) {
        discard(response).catch(() => {});
        response = answerProblem(request, refusal);
      }
    }
    try {
      const written = this.writer.write(stream, response, request);
      if (!stream.readableEnded) stopReceiving(stream, response.trailers === undefined ? "finish" : "wantTrailers");
      written?.catch((error: unknown) => this.breakOff(stream, request, error));
    } catch (error) {
      this.breakOff(stream, request, error);
    }
  }

  /** Once the head of a response is sent, an error can only break the stream. */
  private breakOff(stream: ServerHttp2Stream, request: Http2Request, error: unknown): void {
    this.runner.reportBroken(request, error);
    stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  }
}

function ignore(): void {}

/**
 * Once the response is sent, tells a client that is still sending its request to stop, without an error: the response is complete
 * (RFC 9113, section 8.1).
 */
function stopReceiving(stream: ServerHttp2Stream, end: "finish" | "wantTrailers"): void {
  stream.once(end, () => {
    // After the trailers, which node:http2 sends later.
    setImmediate(() => {
      if (stream.readableEnded || stream.destroyed) return;
      stream.resume();
      stream.close(constants.NGHTTP2_NO_ERROR);
    });
  });
}

const refuseConnect: HttpHandler = (request) =>
  answerProblem(request, new HttpError(501, "unimplemented", "CONNECT is not supported: this server is no proxy"));
