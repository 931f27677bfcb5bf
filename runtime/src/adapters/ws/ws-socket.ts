import type { Duplex } from "node:stream";
import { WebSocket } from "ws";
import type { SharedMessage, WebSocketPort } from "../../http/index.js";
import { textFrame } from "./text-frame.js";

/** How long a client may take to confirm that its socket closes, in milliseconds. */
const closeGrace = 2_000;

/** Bun has a package ws of its own, which takes the connection away from the socket. */
const ownsSocket = process.versions["bun"] === undefined;

/**
 * A socket of the package ws. Text is written to the connection as one frame in one buffer, which may be sent to several sockets; the
 * package would write two buffers. It writes its own frames, such as pings, whole, since messages are not compressed.
 */
export class WsSocket implements WebSocketPort {
  private readonly webSocket: WebSocket;
  private readonly connection: Duplex;

  constructor(webSocket: WebSocket, connection: Duplex) {
    this.webSocket = webSocket;
    this.connection = connection;
  }

  send(message: string | Uint8Array): void {
    if (!this.isOpen) return;
    if (typeof message === "string" && ownsSocket) this.connection.write(textFrame(message));
    else this.webSocket.send(message);
  }

  sendShared(message: SharedMessage): void {
    if (!ownsSocket) this.send(message.text);
    else if (this.isOpen) {
      message.frame ??= textFrame(message.text);
      this.connection.write(message.frame as Buffer);
    }
  }

  get bufferedAmount(): number {
    return ownsSocket ? this.connection.writableLength : this.webSocket.bufferedAmount;
  }

  close(code: number, reason: string): void {
    const { webSocket } = this;
    webSocket.close(code, reason);
    const timer = setTimeout(() => webSocket.terminate(), closeGrace).unref();
    webSocket.once("close", () => clearTimeout(timer));
  }

  terminate(): void {
    this.webSocket.terminate();
  }

  ping(): void {
    if (this.isOpen) this.webSocket.ping();
  }

  private get isOpen(): boolean {
    return this.webSocket.readyState === WebSocket.OPEN;
  }
}
