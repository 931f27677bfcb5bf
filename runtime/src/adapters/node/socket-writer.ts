import type { ServerResponse } from "node:http";
import { correlationIdOf, type HttpRequest, type HttpResponse } from "../../http/index.js";
import { type ResponseWithHead, sendsJoinedHead } from "./joined-head.js";
import type { ServeSettings } from "./serve-options.js";
import { UnsentResponses } from "./unsent-responses.js";

/** Writes responses no faster than clients read them. A client that reads too slowly is disconnected. */
export class ResponseWriter {
  private readonly settings: Pick<ServeSettings, "writeTimeout" | "bufferSize" | "logger">;
  private readonly unsent: UnsentResponses;
  private readonly joinsHead: boolean = sendsJoinedHead();

  constructor(settings: Pick<ServeSettings, "writeTimeout" | "bufferSize" | "maxUnsentSize" | "logger">) {
    this.settings = settings;
    this.unsent = new UnsentResponses(settings.maxUnsentSize, (outgoing, reason) => this.disconnect(outgoing, reason));
  }

  /** Resolves when a stream is written; undefined: there is nothing to wait for. A disconnected client is no error. */
  write(outgoing: ServerResponse, response: HttpResponse, request: HttpRequest): Promise<void> | undefined {
    if (outgoing.destroyed || outgoing.socket?.writableEnded === true) return discard(response);
    const { status, headers, body, writeTimeout = this.settings.writeTimeout } = response;
    if (body === undefined || typeof body === "string" || body instanceof Uint8Array) {
      const length = body === undefined ? 0 : typeof body === "string" ? Buffer.byteLength(body) : body.length;
      const isKnown = status === 204 || status === 304 || "content-length" in headers;
      outgoing.writeHead(status, toList(headers, request, isKnown ? undefined : length));
      if (length > this.settings.bufferSize && outgoing.req.method !== "HEAD") {
        return this.writeParts(
          outgoing,
          typeof body === "string" ? Buffer.from(body) : (body as Uint8Array),
          writeTimeout,
        );
      }
      const isAscii = typeof body === "string" && length === body.length;
      if (this.joinsHead && isAscii && !isKnown && outgoing.req.method !== "HEAD") {
        // In the encoding of the head.
        (outgoing as unknown as ResponseWithHead)._header += body;
        outgoing.end();
      } else {
        outgoing.end(body);
      }
      if (outgoing.writableLength > 0) this.watchEnd(outgoing, length, writeTimeout);
      return undefined;
    }
    outgoing.writeHead(status, toList(headers, request, undefined));
    if (outgoing.req.method === "HEAD") {
      outgoing.end();
      return discard(response);
    }
    outgoing.flushHeaders();
    return this.writeStream(outgoing, body, writeTimeout);
  }

  private async writeStream(
    outgoing: ServerResponse,
    body: AsyncIterable<string | Uint8Array>,
    writeTimeout: number,
  ): Promise<void> {
    for await (const chunk of body) {
      if (outgoing.destroyed) return;
      if (!outgoing.write(chunk)) await this.whenDrained(outgoing, outgoing.writableLength, writeTimeout);
    }
    outgoing.end();
    if (outgoing.writableLength > 0) this.watchEnd(outgoing, outgoing.writableLength, writeTimeout);
  }

  /** Writes in parts, to see whether the client reads any. */
  private async writeParts(outgoing: ServerResponse, bytes: Uint8Array, writeTimeout: number): Promise<void> {
    const { bufferSize } = this.settings;
    for (let at = 0; at < bytes.length; at += bufferSize) {
      if (outgoing.destroyed) return;
      if (!outgoing.write(bytes.subarray(at, at + bufferSize)))
        await this.whenDrained(outgoing, bytes.length, writeTimeout);
    }
    outgoing.end();
    if (outgoing.writableLength > 0) this.watchEnd(outgoing, bytes.length, writeTimeout);
  }

  /** Resolves when the client has read what was written, or is disconnected. `bytes`: the buffered size until then. */
  private whenDrained(outgoing: ServerResponse, bytes: number, writeTimeout: number): Promise<void> {
    return new Promise((resolve) => {
      const stopWatching = this.watch(outgoing, bytes, writeTimeout);
      const done = (): void => {
        stopWatching();
        outgoing.off("drain", done).off("close", done);
        resolve();
      };
      outgoing.on("drain", done).on("close", done);
    });
  }

  private watchEnd(outgoing: ServerResponse, bytes: number, writeTimeout: number): void {
    outgoing.once("close", this.watch(outgoing, bytes, writeTimeout));
  }

  /** Disconnects the client unless the returned function is called in time. The time starts with this response's turn on its connection. */
  private watch(outgoing: ServerResponse, bytes: number, writeTimeout: number): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const start = (): void => {
      timer = setTimeout(() => this.disconnect(outgoing, `it read nothing for ${writeTimeout} ms`), writeTimeout);
    };
    if (outgoing.socket === null) outgoing.once("socket", start);
    else start();
    this.unsent.add(outgoing, bytes);
    return () => {
      clearTimeout(timer);
      outgoing.off("socket", start);
      this.unsent.remove(outgoing);
    };
  }

  private disconnect(outgoing: ServerResponse, reason: string): void {
    this.settings.logger.info(`disconnected a slow client: ${reason}`);
    outgoing.destroy();
  }
}

/** Returns a list of names and values, which node:http writes as it is: copying an object costs more. */
function toList(headers: HttpResponse["headers"], request: HttpRequest, length: number | undefined): string[] {
  const list: string[] = [];
  for (const name in headers) {
    const value = headers[name] as string | readonly string[];
    if (typeof value === "string") list.push(name, value);
    else for (const one of value) list.push(name, one);
  }
  if (!("x-correlation-id" in headers)) list.push("x-correlation-id", correlationIdOf(request));
  if (length !== undefined) list.push("content-length", String(length));
  return list;
}

/** Releases a stream that is not sent. */
export async function discard({ body }: HttpResponse): Promise<void> {
  if (body === undefined || typeof body === "string" || body instanceof Uint8Array) return;
  await body[Symbol.asyncIterator]().return?.();
}
