import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import type { ServerCapabilities } from "../../../http/index.js";
import { IncomingRequest } from "../exchange/index.js";
import { StreamChunks } from "./stream-chunks.js";

const capabilities: ServerCapabilities = { trailers: true, fullDuplex: true };

/** A stream of node:http2 as a neutral request. */
export class Http2Request extends IncomingRequest {
  private readonly stream: ServerHttp2Stream;
  private readonly fields: IncomingHttpHeaders;
  private readonly pairs: readonly string[];

  /** `pairs`: names and values in turn, as the client sent them. */
  constructor(stream: ServerHttp2Stream, fields: IncomingHttpHeaders, pairs: readonly string[]) {
    // CONNECT has no path.
    super(fields[":method"] ?? "GET", fields[":path"] ?? "/", stream);
    this.stream = stream;
    this.fields = fields;
    this.pairs = pairs;
  }

  get server(): ServerCapabilities {
    return capabilities;
  }

  protected get isBrokenOff(): boolean {
    return this.stream.aborted;
  }

  header(name: string): string | undefined {
    const value = name === "host" ? hostOf(this.fields) : this.fields[name];
    return typeof value === "object" ? value.join(", ") : value;
  }

  *headers(): Generator<readonly [string, string]> {
    const host = hostOf(this.fields);
    if (host !== undefined) yield ["host", host];
    const { pairs } = this;
    let isCookieListed = false;
    for (let at = 0; at < pairs.length; at += 2) {
      const name = pairs[at] as string;
      if (name.startsWith(":") || name === "host") continue;
      if (name !== "cookie") yield [name, pairs[at + 1] as string];
      else if (!isCookieListed) {
        // Clients send each cookie by itself, which only compresses better (RFC 9113, section 8.2.3).
        isCookieListed = true;
        yield [name, this.fields.cookie as string];
      }
    }
  }

  chunks(): AsyncIterableIterator<Uint8Array> {
    return new StreamChunks(this.stream);
  }
}

/** HTTP/2 has the host in the pseudo-header `:authority`; proxies may send `host` instead. */
function hostOf(fields: IncomingHttpHeaders): string | undefined {
  return fields[":authority"] ?? fields.host;
}
