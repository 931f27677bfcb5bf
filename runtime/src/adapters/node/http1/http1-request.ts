import type { IncomingMessage } from "node:http";
import type { ServerCapabilities } from "../../../http/index.js";
import { IncomingRequest, refuseDisconnected } from "../exchange/index.js";

/** node:http writes a response while the request arrives, but most clients of HTTP/1.1 read it only afterwards. */
const capabilities: ServerCapabilities = { trailers: false, fullDuplex: false };

/** A request of node:http as a neutral request. */
export class Http1Request extends IncomingRequest {
  /** Whether the body is being read as a stream, to which a client may take any time. */
  isStream = false;
  private readonly incoming: IncomingMessage;

  constructor(incoming: IncomingMessage) {
    super(incoming.method ?? "GET", incoming.url ?? "/", incoming);
    this.incoming = incoming;
  }

  get server(): ServerCapabilities {
    return capabilities;
  }

  /** Whether the body has arrived completely. */
  get isComplete(): boolean {
    return this.incoming.complete;
  }

  /** node:http ends a stream only if it is complete. */
  protected get isBrokenOff(): boolean {
    return false;
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
    this.isStream = true;
    try {
      for await (const chunk of incoming.iterator({ destroyOnReturn: false })) yield chunk as Buffer;
    } catch {
      // node:http reports a connection that closed as an error of its own.
      throw refuseDisconnected();
    } finally {
      this.isStream = false;
      if (!incoming.complete) incoming.resume();
    }
    if (!incoming.complete) throw refuseDisconnected();
  }
}
