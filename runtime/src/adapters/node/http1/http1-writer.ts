import type { ServerResponse } from "node:http";
import { correlationIdOf, type HttpRequest, type HttpResponse } from "../../../http/index.js";
import { BodyWriter, discard, type WriteSettings } from "../exchange/index.js";
import { type ResponseWithHead, sendsJoinedHead } from "./joined-head.js";

/** Writes responses to node:http. */
export class Http1Writer {
  private readonly settings: WriteSettings;
  private readonly bodies: BodyWriter<ServerResponse>;
  private readonly joinsHead: boolean = sendsJoinedHead();

  constructor(settings: WriteSettings) {
    this.settings = settings;
    this.bodies = new BodyWriter(settings, { breakOff: (outgoing) => outgoing.destroy(), whenItsTurn });
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
        const bytes = typeof body === "string" ? Buffer.from(body) : (body as Uint8Array);
        return this.bodies.writeParts(outgoing, bytes, writeTimeout);
      }
      const joined =
        !this.joinsHead || isKnown || outgoing.req.method === "HEAD" ? undefined : toHeadEncoding(body, length);
      if (joined === undefined) {
        outgoing.end(body);
      } else {
        (outgoing as unknown as ResponseWithHead)._header += joined;
        outgoing.end();
      }
      if (outgoing.writableLength > 0) this.bodies.watchEnd(outgoing, length, writeTimeout);
      return undefined;
    }
    outgoing.writeHead(status, toList(headers, request, undefined));
    if (outgoing.req.method === "HEAD") {
      outgoing.end();
      return discard(response);
    }
    outgoing.flushHeaders();
    return this.bodies.writeStream(outgoing, body, writeTimeout);
  }
}

/** The largest body in bytes that is copied to be sent with the head. */
const maxJoined = 4 * 1024;

/** Returns a body in the encoding of the head, which has a character for each byte; undefined: it is sent by itself. */
function toHeadEncoding(body: string | Uint8Array | undefined, length: number): string | undefined {
  if (typeof body === "string") return length === body.length ? body : undefined;
  if (body === undefined || length > maxJoined) return undefined;
  return Buffer.from(body.buffer, body.byteOffset, length).toString("latin1");
}

/** A pipelined response has no socket before its turn. */
function whenItsTurn(outgoing: ServerResponse, start: () => void): void {
  if (outgoing.socket === null) outgoing.once("socket", start);
  else start();
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
