/** One request and its response, as sent over the wire. */
export interface Exchange {
  readonly method: string;
  readonly path: string;
  /** With its question mark, or empty. */
  readonly search: string;
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly requestBody: string;
  readonly status: number;
  /** Without parameters; empty if there is none. */
  readonly contentType: string;
  readonly responseHeaders: Readonly<Record<string, string>>;
  /** Of a stream the received part. */
  responseBody: string;
}

/** A `fetch` that records requests and responses. */
export class Recorder {
  readonly exchanges: Exchange[] = [];

  readonly fetch = async (input: Request): Promise<Response> => {
    const requestBody = await input.clone().text();
    const response = await fetch(input);
    const { pathname, search } = new URL(input.url);
    const exchange: Exchange = {
      method: input.method,
      path: pathname,
      search,
      requestHeaders: Object.fromEntries(input.headers),
      requestBody,
      status: response.status,
      contentType: (response.headers.get("content-type") ?? "").replace(/;.*/, ""),
      responseHeaders: Object.fromEntries(response.headers),
      responseBody: "",
    };
    this.exchanges.push(exchange);
    if (exchange.contentType !== "text/event-stream") {
      exchange.responseBody = await response.clone().text();
      return response;
    }
    const decoder = new TextDecoder();
    const tap = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        exchange.responseBody += decoder.decode(chunk, { stream: true });
        controller.enqueue(chunk);
      },
    });
    return new Response(response.body?.pipeThrough(tap) ?? null, response);
  };
}
