import { isUtf8 } from "node:buffer";
import type { IncomingMessage } from "node:http";
import { HttpError, type HttpRequest, notUtf8, tooLarge } from "../../http/index.js";

/** A request of node:http, as handlers see it. A class of few fields: it is made for every request. */
export class NodeRequest implements HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  private readonly incoming: IncomingMessage;
  private controller: AbortController | undefined;
  private aborted = false;

  constructor(incoming: IncomingMessage) {
    this.incoming = incoming;
    this.method = incoming.method ?? "GET";
    const url = toOriginForm(incoming.url ?? "/");
    const mark = url.indexOf("?");
    this.path = mark < 0 ? url : url.slice(0, mark);
    this.query = mark < 0 ? "" : url.slice(mark + 1);
  }

  /** Made when somebody asks: most handlers never do. */
  get signal(): AbortSignal {
    if (this.controller === undefined) {
      this.controller = new AbortController();
      if (this.aborted) this.controller.abort();
    }
    return this.controller.signal;
  }

  abort(): void {
    this.aborted = true;
    this.controller?.abort();
  }

  header(name: string): string | undefined {
    const value = this.incoming.headers[name];
    return typeof value === "object" ? value.join(", ") : value;
  }

  async text(limit: number): Promise<string> {
    const body = await this.read(limit);
    if (!isUtf8(body)) throw notUtf8();
    return body.toString("utf8");
  }

  bytes(limit: number): Promise<Uint8Array> {
    return this.read(limit);
  }

  private read(limit: number): Promise<Buffer> {
    const { incoming } = this;
    return new Promise((resolve, reject) => {
      if (Number(incoming.headers["content-length"]) > limit) {
        reject(tooLarge(limit));
        return;
      }
      let first: Buffer | undefined;
      let more: Buffer[] | undefined;
      let length = 0;
      incoming.on("data", (chunk: Buffer) => {
        length += chunk.length;
        if (length > limit) {
          incoming.removeAllListeners("data").pause();
          reject(tooLarge(limit));
        } else if (first === undefined) {
          first = chunk;
        } else {
          more ??= [first];
          more.push(chunk);
        }
      });
      incoming.on("end", () => resolve(more === undefined ? (first ?? Buffer.alloc(0)) : Buffer.concat(more, length)));
      // Either comes when the client goes in the middle of its body; nobody reads the answer then.
      incoming.on("error", () => reject(gone()));
      incoming.on("close", () => {
        if (!incoming.complete) reject(gone());
      });
    });
  }
}

function gone(): HttpError {
  return new HttpError(400, "cancelled", "the client went away before its request was complete");
}

/** Proxies may ask with a whole URL (RFC 9112, section 3.2.2). */
function toOriginForm(url: string): string {
  if (url.startsWith("/")) return url;
  const rest = /^[a-z][a-z\d+.-]*:\/\/[^/?#]*([^#]*)/i.exec(url)?.[1] ?? "/";
  return rest.startsWith("/") ? rest : `/${rest}`;
}
