import { isUtf8 } from "node:buffer";
import type { IncomingMessage } from "node:http";
import {
  HttpError,
  type HttpRequest,
  notUtf8,
  readContentCoding,
  type ServerCapabilities,
  tooLarge,
} from "../../http/index.js";
import { inflate } from "./inflate.js";

/** node:http writes a response while the request arrives, but most clients of HTTP/1.1 read it only afterwards. */
const capabilities: ServerCapabilities = { trailers: false, fullDuplex: false };

/** A request of node:http as a neutral request. It has few fields, because one is created for every request. */
export class NodeRequest implements HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  private readonly incoming: IncomingMessage;
  private controller: AbortController | undefined;
  private aborted = false;
  private rejectBody: ((reason: HttpError) => void) | undefined;
  readonly server: ServerCapabilities = capabilities;

  constructor(incoming: IncomingMessage) {
    this.incoming = incoming;
    this.method = incoming.method ?? "GET";
    const url = toOriginForm(incoming.url ?? "/");
    const mark = url.indexOf("?");
    this.path = mark < 0 ? url : url.slice(0, mark);
    this.query = mark < 0 ? "" : url.slice(mark + 1);
  }

  /** Created when it is first read: most handlers never read it. */
  get signal(): AbortSignal {
    if (this.controller === undefined) {
      this.controller = new AbortController();
      if (this.aborted) this.controller.abort();
    }
    return this.controller.signal;
  }

  /** Whether the body has arrived completely. */
  get isComplete(): boolean {
    return this.incoming.complete;
  }

  /** Aborts the signal and the body: the client has disconnected, or the server stops. */
  abort(): void {
    this.aborted = true;
    this.controller?.abort();
    this.rejectBody?.(disconnected());
  }

  header(name: string): string | undefined {
    const value = this.incoming.headers[name];
    return typeof value === "object" ? value.join(", ") : value;
  }

  *headers(): Generator<readonly [string, string]> {
    const { rawHeaders } = this.incoming;
    for (let at = 0; at < rawHeaders.length; at += 2) {
      yield [(rawHeaders[at] as string).toLowerCase(), rawHeaders[at + 1] as string];
    }
  }

  async *chunks(): AsyncGenerator<Uint8Array> {
    const { incoming } = this;
    try {
      for await (const chunk of incoming.iterator({ destroyOnReturn: false })) yield chunk as Buffer;
    } catch {
      // node:http reports a connection that closed as an error of its own.
      throw disconnected();
    } finally {
      if (!incoming.complete) incoming.resume();
    }
    if (!incoming.complete) throw disconnected();
  }

  text(limit: number): Promise<string> {
    return this.read(limit, toText);
  }

  bytes(limit: number): Promise<Uint8Array> {
    return this.read(limit, toBytes);
  }

  private read<Body>(limit: number, convert: (body: Buffer) => Body): Promise<Body> {
    const { incoming } = this;
    return new Promise((resolve, reject) => {
      this.rejectBody = reject;
      if (Number(incoming.headers["content-length"]) > limit) {
        reject(tooLarge(limit));
        return;
      }
      const encoding = incoming.headers["content-encoding"];
      // An error here rejects the promise.
      const coding = encoding === undefined ? undefined : readContentCoding(encoding);
      let body: Buffer | undefined;
      let more: Buffer[] | undefined;
      let length = 0;
      incoming.on("data", (chunk: Buffer) => {
        length += chunk.length;
        if (length > limit) {
          incoming.removeAllListeners("data").pause();
          reject(tooLarge(limit));
        } else if (body === undefined) {
          body = chunk;
        } else {
          more ??= [body];
          more.push(chunk);
        }
      });
      incoming.on("end", () => {
        try {
          const whole = more === undefined ? (body ?? empty) : Buffer.concat(more, length);
          if (coding === undefined) resolve(convert(whole));
          else inflate(whole, coding, limit).then(convert).then(resolve, reject);
        } catch (error) {
          reject(error);
        }
      });
    });
  }
}

const empty = Buffer.alloc(0);

function disconnected(): HttpError {
  return new HttpError(400, "cancelled", "the client disconnected before its request was complete");
}

function toText(body: Buffer): string {
  if (!isUtf8(body)) throw notUtf8();
  return body.toString("utf8");
}

function toBytes(body: Buffer): Uint8Array {
  return body;
}

/** Proxies may send a complete URL (RFC 9112, section 3.2.2). */
function toOriginForm(url: string): string {
  if (url.startsWith("/")) return url;
  const rest = /^[a-z][a-z\d+.-]*:\/\/[^/?#]*([^#]*)/i.exec(url)?.[1] ?? "/";
  return rest.startsWith("/") ? rest : `/${rest}`;
}
