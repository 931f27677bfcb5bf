import { type IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { release } from "../exchange/index.js";

/** Whether a request can become a WebSocket (RFC 6455, 4.2.1). A request with a body is an ordinary one. */
export function isWebSocket({ method, headers }: IncomingMessage): boolean {
  if (method !== "GET" || headers.upgrade?.toLowerCase() !== "websocket") return false;
  return headers["transfer-encoding"] === undefined && Number(headers["content-length"] ?? 0) === 0;
}

/** Creates the response to an upgrade request that is not upgraded. It closes the connection. */
export function outgoingOf(incoming: IncomingMessage, socket: Duplex): ServerResponse {
  const outgoing = new ServerResponse(incoming);
  outgoing.shouldKeepAlive = false;
  outgoing.assignSocket(socket as Socket);
  outgoing.on("finish", () => release(socket as Socket));
  return outgoing;
}

/**
 * Returns a request without its upgrade headers, to be read again. A server may ignore them (RFC 9110, 7.8), and clients offer
 * `h2c` with any request. node:http has read the head, and nothing of the body, by then.
 */
export function toPlain(incoming: IncomingMessage, head: Buffer): Buffer {
  const lines = [`${incoming.method} ${incoming.url} HTTP/${incoming.httpVersion}`];
  for (let at = 0; at < incoming.rawHeaders.length; at += 2) {
    const [name = "", value = ""] = incoming.rawHeaders.slice(at, at + 2);
    if (/^(upgrade|http2-settings)$/i.test(name)) continue;
    const kept = /^connection$/i.test(name) ? withoutUpgrade(value) : value;
    if (kept !== undefined) lines.push(`${name}: ${kept}`);
  }
  return Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"), head]);
}

function withoutUpgrade(connection: string): string | undefined {
  const kept = connection.split(",").filter((one) => !/^\s*(upgrade|http2-settings)\s*$/i.test(one));
  return kept.length === 0 ? undefined : kept.join(",");
}
