import type { ServerHttp2Session } from "node:http2";
import type { Socket } from "node:net";
import type { Http2Settings } from "../options/index.js";

/** Finds clients that are gone without a message: a silent connection gets a ping, and is dead if it does not answer. */
export class Keepalive {
  private readonly session: ServerHttp2Session;
  private readonly socket: Socket;
  private readonly settings: Pick<Http2Settings, "pingInterval" | "pingTimeout">;
  private bytesRead = 0;
  private heardAt: number;
  private askedAt: number | undefined;

  constructor(session: ServerHttp2Session, socket: Socket, settings: Keepalive["settings"], now: number) {
    this.session = session;
    this.socket = socket;
    this.settings = settings;
    this.heardAt = now;
  }

  /** Asks a silent client. Returns whether it has not answered in time. Any input is an answer. */
  isDead(now: number): boolean {
    const { bytesRead } = this.socket;
    if (bytesRead !== this.bytesRead) {
      this.bytesRead = bytesRead;
      this.heardAt = now;
      this.askedAt = undefined;
    } else if (this.askedAt !== undefined) {
      return now - this.askedAt >= this.settings.pingTimeout;
    } else if (now - this.heardAt >= this.settings.pingInterval) {
      this.askedAt = now;
      // node:http2 sends no PING after GOAWAY. SETTINGS have to be acknowledged too.
      if (this.session.closed) this.session.settings({});
      else this.session.ping(() => {});
    }
    return false;
  }
}
