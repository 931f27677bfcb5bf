import { answerProblem } from "./answer-problem.js";
import { inflate, platformCodings, readAll, readContentCoding } from "./body/index.js";
import { HttpError, notUtf8, tooLarge } from "./errors/index.js";
import { correlationIdOf } from "./headers/index.js";
import type { HttpFields, HttpHandler, HttpRequest, HttpResponse, ServerCapabilities } from "./http.js";

/** Turns a handler into a function from web Request to web Response, for servers of the Fetch standard. It never rejects. */
export function fetchHandler(handler: HttpHandler): (request: Request) => Promise<Response> {
  return async (request) => {
    const neutral = new FetchRequest(request);
    const response = await answer(handler, neutral);
    return toResponse(response.webSocket === undefined ? response : refuseWebSocket(neutral), neutral);
  };
}

/** Answers a request, whatever its handler throws. */
export async function answer(handler: HttpHandler, request: HttpRequest): Promise<HttpResponse> {
  try {
    return await handler(request);
  } catch (error) {
    return answerProblem(request, error);
  }
}

/** The response to a WebSocket where there are none. */
export function refuseWebSocket(request: HttpRequest): HttpResponse {
  const message =
    "WebSockets are not supported here: use serve of @potter/runtime/node, or @potter/runtime/deno, /bun or /workerd";
  return answerProblem(request, new HttpError(501, "unimplemented", message));
}

/** Turns a response into that of the Fetch standard. */
export function toResponse(response: HttpResponse, request: HttpRequest): Response {
  const { status, headers } = response;
  return new Response(request.method === "HEAD" ? discard(response) : toBody(response), {
    status,
    headers: toPairs(headers, request),
  });
}

function toPairs(headers: HttpFields, request: HttpRequest): [string, string][] {
  const pairs = Object.entries(headers).flatMap(([name, value]) =>
    typeof value === "string" ? [[name, value]] : value.map((one) => [name, one]),
  ) as [string, string][];
  if (!("x-correlation-id" in headers)) pairs.push(["x-correlation-id", correlationIdOf(request)]);
  return pairs;
}

/** A web Response has no trailers, and platforms differ in whether it is sent before the request has ended. */
const capabilities: ServerCapabilities = { trailers: false, fullDuplex: false };

/** A web Request as a neutral request. */
export class FetchRequest implements HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly server: ServerCapabilities = capabilities;
  private readonly request: Request;

  constructor(request: Request) {
    this.request = request;
    this.method = request.method;
    const url = new URL(request.url);
    this.path = url.pathname;
    this.query = url.search.slice(1);
  }

  get signal(): AbortSignal {
    return this.request.signal;
  }

  header(name: string): string | undefined {
    const { headers, url } = this.request;
    return headers.get(name) ?? (name === "host" ? new URL(url).host : undefined);
  }

  headers(): Iterable<readonly [string, string]> {
    return this.request.headers;
  }

  async *chunks(): AsyncGenerator<Uint8Array> {
    const { body } = this.request;
    if (body === null) return;
    const reader = body.getReader();
    let isRead = false;
    try {
      for (;;) {
        const { done, value } = await reader.read();
        isRead = done;
        if (done) return;
        yield value;
      }
    } catch {
      isRead = true;
      throw new HttpError(400, "cancelled", "the client disconnected before its request was complete");
    } finally {
      if (!isRead) reader.cancel().catch(() => {});
    }
  }

  async text(limit: number): Promise<string> {
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(await this.bytes(limit));
    } catch (error) {
      throw error instanceof TypeError ? notUtf8() : error;
    }
  }

  async bytes(limit: number): Promise<Uint8Array> {
    const { body, headers } = this.request;
    if (Number(headers.get("content-length")) > limit) throw tooLarge(limit);
    const encoding = headers.get("content-encoding");
    const coding = encoding === null ? undefined : readContentCoding(encoding, platformCodings());
    if (body === null) return new Uint8Array(0);
    const bytes = await readAll(body.getReader(), limit);
    return coding === undefined ? bytes : inflate(bytes, coding, limit);
  }
}

/** Releases a body that is not sent. */
function discard({ body }: HttpResponse): undefined {
  if (typeof body !== "object" || body instanceof Uint8Array) return;
  body[Symbol.asyncIterator]()
    .return?.()
    .catch(() => {});
}

/** How long a client may leave a stream unread if the response sets no time, in milliseconds. */
const defaultWriteTimeout = 60_000;

function toBody({ body, writeTimeout = defaultWriteTimeout }: HttpResponse): ConstructorParameters<typeof Response>[0] {
  if (body === undefined || typeof body === "string") return body;
  if (body instanceof Uint8Array) return body as Uint8Array<ArrayBuffer>;
  const iterator = body[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  let waiting: ReturnType<typeof setTimeout> | undefined;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      clearTimeout(waiting);
      const { done, value } = await iterator.next();
      if (done === true) return controller.close();
      controller.enqueue(typeof value === "string" ? encoder.encode(value) : value);
      waiting = setTimeout(() => {
        controller.error(new Error(`the client read nothing for ${writeTimeout} ms`));
        iterator.return?.().catch(() => {});
      }, writeTimeout);
    },
    async cancel() {
      clearTimeout(waiting);
      await iterator.return?.();
    },
  });
}
