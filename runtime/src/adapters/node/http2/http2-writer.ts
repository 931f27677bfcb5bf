import {
  constants,
  type OutgoingHttpHeaders,
  type ServerHttp2Stream,
  type ServerStreamResponseOptions,
  sensitiveHeaders,
} from "node:http2";
import { correlationIdOf, type HttpFields, type HttpRequest, type HttpResponse } from "../../../http/index.js";
import { BodyWriter, discard, type WriteSettings } from "../exchange/index.js";

const headersOnly: ServerStreamResponseOptions = { endStream: true };
const withTrailers: ServerStreamResponseOptions = { waitForTrailers: true };
/** A value that occurs once would push headers that occur again out of the table of the compression. */
const notIndexed: readonly string[] = ["x-correlation-id"];

/** Writes responses to streams of node:http2. */
export class Http2Writer {
  private readonly settings: WriteSettings;
  private readonly bodies: BodyWriter<ServerHttp2Stream>;
  /** Listens for `wantTrailers`, which node:http2 emits when the body is sent: one function for all streams. */
  private readonly sendTrailers: (this: ServerHttp2Stream) => void;

  constructor(settings: WriteSettings) {
    this.settings = settings;
    this.bodies = new BodyWriter(settings, { breakOff });
    this.sendTrailers = function () {
      const { [unsentTrailers]: unsent } = this as WithTrailers;
      // Nothing is above this function that could catch an error.
      try {
        const fields: OutgoingHttpHeaders = {};
        addFields(fields, unsent?.trailers() ?? {});
        this.sendTrailers(fields);
      } catch (error) {
        settings.logger.error("response aborted mid-stream", { path: unsent?.request.path, error });
        this.close(constants.NGHTTP2_INTERNAL_ERROR);
      }
    };
  }

  /** Resolves when a stream is written; undefined: there is nothing to wait for. A disconnected client is no error. */
  write(stream: ServerHttp2Stream, response: HttpResponse, request: HttpRequest): Promise<void> | undefined {
    if (stream.destroyed || stream.closed) return discard(response);
    const { status, body, trailers, writeTimeout = this.settings.writeTimeout } = response;
    const isBodiless = request.method === "HEAD" || status === 204 || status === 304;
    if (body === undefined || typeof body === "string" || body instanceof Uint8Array) {
      const length = body === undefined ? 0 : typeof body === "string" ? Buffer.byteLength(body) : body.length;
      const isAnnounced = body !== undefined && trailers === undefined && status !== 204 && status !== 304;
      const fields = toHeaders(response, request, isAnnounced ? length : undefined);
      if (isBodiless || (length === 0 && trailers === undefined)) {
        stream.respond(fields, headersOnly);
        return undefined;
      }
      this.begin(stream, fields, response, request);
      if (length > this.settings.bufferSize) {
        const bytes = typeof body === "string" ? Buffer.from(body) : (body as Uint8Array);
        return this.bodies.writeParts(stream, bytes, writeTimeout);
      }
      stream.end(body);
      return undefined;
    }
    const fields = toHeaders(response, request, undefined);
    if (isBodiless) {
      stream.respond(fields, headersOnly);
      return discard(response);
    }
    this.begin(stream, fields, response, request);
    return this.bodies.writeStream(stream, body, writeTimeout);
  }

  /** Disconnects the client of a response that is written and not sent, unless it reads the rest in time. */
  watch(stream: ServerHttp2Stream, { body, writeTimeout = this.settings.writeTimeout }: HttpResponse): void {
    this.bodies.watchEnd(stream, (body as string | Uint8Array).length, writeTimeout);
  }

  private begin(
    stream: ServerHttp2Stream,
    fields: OutgoingHttpHeaders,
    { trailers }: HttpResponse,
    request: HttpRequest,
  ): void {
    if (trailers === undefined) {
      stream.respond(fields);
      return;
    }
    (stream as WithTrailers)[unsentTrailers] = { trailers, request };
    stream.on("wantTrailers", this.sendTrailers);
    stream.respond(fields, withTrailers);
  }
}

const unsentTrailers: unique symbol = Symbol("unsent trailers");

/** A stream whose response has trailers. */
interface WithTrailers extends ServerHttp2Stream {
  [unsentTrailers]?: { readonly request: HttpRequest; trailers(): HttpFields };
}

/** Only the code tells the client that the response is not complete. Only `destroy` forgets the stream at once, read or not. */
function breakOff(stream: ServerHttp2Stream): void {
  stream.close(constants.NGHTTP2_CANCEL);
  stream.destroy();
}

function toHeaders(
  { status, headers }: HttpResponse,
  request: HttpRequest,
  length: number | undefined,
): OutgoingHttpHeaders {
  const fields: OutgoingHttpHeaders = { ":status": status };
  addFields(fields, headers);
  if (!("x-correlation-id" in headers)) fields["x-correlation-id"] = correlationIdOf(request);
  if (length !== undefined && !("content-length" in headers)) fields["content-length"] = length;
  (fields as Record<symbol, unknown>)[sensitiveHeaders] = notIndexed;
  return fields;
}

/** Headers that concern a connection of HTTP/1.1: HTTP/2 refuses them (RFC 9113, section 8.2.2). */
const ofConnections: ReadonlySet<string> = new Set([
  "connection",
  "http2-settings",
  "keep-alive",
  "proxy-connection",
  "te",
  "transfer-encoding",
  "upgrade",
]);

/** What no header may contain. node:http2 does not check it, and would send what follows a NUL as a header of its own. */
const invalid = /[^\t\x20-\x7e\x80-\xff]/;

function addFields(fields: OutgoingHttpHeaders, added: HttpFields): void {
  for (const name in added) {
    if (ofConnections.has(name)) continue;
    const value = added[name] as string | readonly string[];
    if (typeof value === "string" ? invalid.test(value) : value.some((one) => invalid.test(one))) {
      throw new TypeError(
        `the header ${name} has a value with characters that headers cannot have: remove or encode them`,
      );
    }
    fields[name] = value as string | string[];
  }
}
