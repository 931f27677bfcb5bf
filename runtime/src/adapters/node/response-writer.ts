import type { ServerResponse } from "node:http";
import { correlationIdOf, type HttpRequest, type HttpResponse } from "../../http/index.js";
import type { ServeSettings } from "./serve-options.js";
import { UnsentAnswers } from "./unsent-answers.js";

/** Writes answers, no faster than clients take them. A client that takes too little for too long is cut off. */
export class ResponseWriter {
  private readonly settings: Pick<ServeSettings, "writeTimeout" | "bufferSize" | "logger">;
  private readonly unsent: UnsentAnswers;

  constructor(settings: Pick<ServeSettings, "writeTimeout" | "bufferSize" | "maxUnsentSize" | "logger">) {
    this.settings = settings;
    this.unsent = new UnsentAnswers(settings.maxUnsentSize, (outgoing, why) => this.cutOff(outgoing, why));
  }

  /** Resolves when the last of a stream is handed over; undefined: there is nothing to wait for. A client that has gone is no error. */
  write(outgoing: ServerResponse, response: HttpResponse, request: HttpRequest): Promise<void> | undefined {
    if (outgoing.destroyed || outgoing.socket?.writableEnded === true) return discard(response);
    const { status, headers, body, writeTimeout = this.settings.writeTimeout } = response;
    if (body === undefined || typeof body === "string" || body instanceof Uint8Array) {
      const length = body === undefined ? 0 : typeof body === "string" ? Buffer.byteLength(body) : body.length;
      const isTold = status === 204 || status === 304 || "content-length" in headers;
      outgoing.writeHead(status, toList(headers, request, isTold ? undefined : length));
      if (length > this.settings.bufferSize && outgoing.req.method !== "HEAD") {
        return this.writeParts(
          outgoing,
          typeof body === "string" ? Buffer.from(body) : (body as Uint8Array),
          writeTimeout,
        );
      }
      outgoing.end(body);
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
      if (!outgoing.write(chunk)) await this.room(outgoing, outgoing.writableLength, writeTimeout);
    }
    outgoing.end();
    if (outgoing.writableLength > 0) this.watchEnd(outgoing, outgoing.writableLength, writeTimeout);
  }

  /** In parts, so that it is seen whether the client takes any. */
  private async writeParts(outgoing: ServerResponse, bytes: Uint8Array, writeTimeout: number): Promise<void> {
    const { bufferSize } = this.settings;
    for (let at = 0; at < bytes.length; at += bufferSize) {
      if (outgoing.destroyed) return;
      if (!outgoing.write(bytes.subarray(at, at + bufferSize))) await this.room(outgoing, bytes.length, writeTimeout);
    }
    outgoing.end();
    if (outgoing.writableLength > 0) this.watchEnd(outgoing, bytes.length, writeTimeout);
  }

  /** Resolves when the client has taken what was written, has gone, or was cut off. `bytes`: what is kept for it meanwhile. */
  private room(outgoing: ServerResponse, bytes: number, writeTimeout: number): Promise<void> {
    return new Promise((resolve) => {
      const watched = this.watch(outgoing, bytes, writeTimeout);
      const done = (): void => {
        watched();
        outgoing.off("drain", done).off("close", done);
        resolve();
      };
      outgoing.on("drain", done).on("close", done);
    });
  }

  private watchEnd(outgoing: ServerResponse, bytes: number, writeTimeout: number): void {
    outgoing.once("close", this.watch(outgoing, bytes, writeTimeout));
  }

  /** Cuts the client off unless the returned function is called in time, which counts from this answer's turn on its connection. */
  private watch(outgoing: ServerResponse, bytes: number, writeTimeout: number): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const begin = (): void => {
      timer = setTimeout(() => this.cutOff(outgoing, `it has not read for ${writeTimeout} ms`), writeTimeout);
    };
    if (outgoing.socket === null) outgoing.once("socket", begin);
    else begin();
    this.unsent.note(outgoing, bytes);
    return () => {
      clearTimeout(timer);
      outgoing.off("socket", begin);
      this.unsent.forget(outgoing);
    };
  }

  private cutOff(outgoing: ServerResponse, why: string): void {
    this.settings.logger.info(`a client was cut off: ${why}`);
    outgoing.destroy();
  }
}

/** As a list of names and values, which node:http writes as it stands: a copy of the object costs more. */
function toList(headers: HttpResponse["headers"], request: HttpRequest, length: number | undefined): string[] {
  const list: string[] = [];
  for (const name in headers) list.push(name, headers[name] as string);
  if (!("x-correlation-id" in headers)) list.push("x-correlation-id", correlationIdOf(request));
  if (length !== undefined) list.push("content-length", String(length));
  return list;
}

/** Lets go of a stream that nobody will read. */
export async function discard({ body }: HttpResponse): Promise<void> {
  if (body === undefined || typeof body === "string" || body instanceof Uint8Array) return;
  await body[Symbol.asyncIterator]().return?.();
}
