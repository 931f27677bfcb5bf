import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import { constants } from "node:http2";
import { answerProblem, HttpError, type HttpHandler, type HttpResponse } from "../../../http/index.js";
import { type AppRunner, discard, isStreamed, refusals, refuseExpectation } from "../exchange/index.js";
import { Http2Request } from "./http2-request.js";
import type { Http2Writer } from "./http2-writer.js";

/** A request and its response, which are one stream. */
export class Http2Exchange {
  readonly request: Http2Request;
  private readonly stream: ServerHttp2Stream;
  private readonly runner: AppRunner;
  private readonly writer: Http2Writer;
  /** The response, once it is written as a whole. */
  private written: HttpResponse | undefined = undefined;
  private isWatched = false;

  constructor(
    stream: ServerHttp2Stream,
    fields: IncomingHttpHeaders,
    pairs: readonly string[],
    runner: AppRunner,
    writer: Http2Writer,
  ) {
    this.request = new Http2Request(stream, fields, pairs);
    this.stream = stream;
    this.runner = runner;
    this.writer = writer;
    // An error of a stream is one of its client, and `close` follows.
    stream.on("error", ignore);
  }

  /** Passes the request to the app, and its response to the client. */
  run(): void {
    const { request } = this;
    this.runner.run(request, (response) => this.answer(response), this.findHandler());
  }

  /** The stream is closed. Returns whether its response was sent. */
  end(): boolean {
    const { request, stream } = this;
    this.runner.streams.delete(request);
    // node:http2 finishes the response of a stream that the client resets.
    const isAnswered = !stream.aborted && stream.headersSent && stream.writableFinished;
    if (!isAnswered) request.abort();
    return isAnswered;
  }

  /**
   * To be called every `interval` milliseconds while the stream is open. Most exchanges end before: a timer for each of them would
   * cost more than it finds.
   */
  check(interval: number): void {
    const { request, runner, stream, written } = this;
    if (request.checkBody(interval) > runner.settings.requestTimeout) request.failBody(refusals.tooSlow());
    if (written?.body === undefined || this.isWatched || stream.writableFinished) return;
    this.isWatched = true;
    this.writer.watch(stream, written);
  }

  private findHandler(): HttpHandler | undefined {
    const { request, stream } = this;
    if (request.method === "CONNECT") return refuseConnect;
    const expectation = request.header("expect");
    if (expectation === undefined) return undefined;
    if (expectation.toLowerCase() !== "100-continue") return refuseExpectation;
    if (!stream.closed && !stream.destroyed) stream.additionalHeaders({ ":status": 100 });
    return undefined;
  }

  private answer(response: HttpResponse): void {
    const { request, stream } = this;
    const refusal = this.findRefusal(response);
    if (refusal !== undefined) {
      discard(response).catch(() => {});
      response = answerProblem(request, refusal);
    }
    try {
      const written = this.writer.write(stream, response, request);
      if (written === undefined) this.written = response;
      if (!stream.readableEnded) stopReceiving(stream, response.trailers === undefined ? "finish" : "wantTrailers");
      written?.catch((error: unknown) => this.breakOff(error));
    } catch (error) {
      this.breakOff(error);
    }
  }

  private findRefusal(response: HttpResponse): HttpError | undefined {
    if (response.webSocket !== undefined) return refusals.noWebSocketsOverHttp2();
    if (!isStreamed(response) || this.request.method === "HEAD") return undefined;
    return this.runner.startStream(this.request, !this.stream.destroyed);
  }

  /** Once the head of a response is sent, an error can only break the stream. */
  private breakOff(error: unknown): void {
    this.runner.reportBroken(this.request, error);
    this.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
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
