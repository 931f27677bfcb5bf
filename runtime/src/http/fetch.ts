import type { HttpHandler, HttpRequest, HttpResponse } from "./http.js";
import { HttpError, notUtf8, tooLarge } from "./http-error.js";
import { problemResponse } from "./problem.js";

/** The handler as a function from web Request to web Response, for servers of the Fetch standard. Never rejects. */
export function fetchHandler(handler: HttpHandler): (request: Request) => Promise<Response> {
  return async (request) => {
    const neutral = new FetchRequest(request);
    let response: HttpResponse;
    try {
      response = await handler(neutral);
    } catch (error) {
      response = problemResponse(error, { instance: neutral.path });
    }
    if (response.webSocket !== undefined) {
      const error = new HttpError(501, "unimplemented", "WebSockets are not taken here");
      response = problemResponse(error, { instance: neutral.path });
    }
    return new Response(toBody(response), { status: response.status, headers: response.headers });
  };
}

class FetchRequest implements HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
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
    return this.request.headers.get(name) ?? undefined;
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
    if (body === null) return new Uint8Array(0);
    const reader = body.getReader();
    const chunks: Uint8Array[] = [];
    let length = 0;
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      length += read.value.length;
      if (length > limit) {
        await reader.cancel();
        throw tooLarge(limit);
      }
      chunks.push(read.value);
    }
    return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : concat(chunks, length);
  }
}

function concat(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

/** How long a client may let a stream wait where its answer says nothing, in milliseconds. */
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
        controller.error(new Error(`the client has read nothing for ${writeTimeout} ms`));
        iterator.return?.().catch(() => {});
      }, writeTimeout);
    },
    async cancel() {
      clearTimeout(waiting);
      await iterator.return?.();
    },
  });
}
