import type { ServerHttp2Session } from "node:http2";
import type { Socket } from "node:net";
import type { Http2Settings } from "../options/index.js";
import type { FloodGuard } from "./flood-guard.js";

/** Why a connection is over, although no event says so. */
export type Demise = "unanswered" | "stopped";

/**
 * Finds connections that are over without an event. A client may be gone without a message: a silent connection gets a ping, and is
 * dead if it does not answer. And node:http2 may have stopped: after some errors of a client it sends GOAWAY, then neither reads nor
 * writes, and leaves the socket open.
 */
export class Keepalive {
  private readonly session: ServerHttp2Session;
  private readonly socket: Socket;
  private readonly settings: Pick<Http2Settings, "pingInterval" | "pingTimeout">;
  private readonly guard: FloodGuard;
  private bytesRead = 0;
  private heardAt: number;
  private askedAt: number | undefined;
  /** What was written before the frame that shows whether node:http2 still writes. `due`: input has come since the last one. */
  private probe: number | "due" | undefined = "due";

  constructor(
    session: ServerHttp2Session,
    socket: Socket,
    settings: Keepalive["settings"],
    guard: FloodGuard,
    now: number,
  ) {
    this.session = session;
    this.socket = socket;
    this.settings = settings;
    this.guard = guard;
    this.heardAt = now;
  }

  /** Asks a silent client, which has time until `pingTimeout`. Any input is an answer. Returns whether the connection is over. */
  check(now: number): Demise | undefined {
    const { bytesRead, bytesWritten } = this.socket;
    const { pingInterval, pingTimeout } = this.settings;
    if (bytesRead !== this.bytesRead) {
      this.hear(now);
      this.probe = "due";
    } else if (this.probe === "due") {
      // node:http2 stops because of input. A connection that is used does not get here.
      this.probe = this.ask() ? bytesWritten : undefined;
    } else if (this.probe !== undefined && bytesWritten === this.probe && hasWritten(this.socket)) {
      return "stopped";
    } else {
      this.probe = undefined;
      if (this.askedAt !== undefined) return now - this.askedAt >= pingTimeout ? "unanswered" : undefined;
      if (now - this.heardAt < pingInterval) return undefined;
      this.askedAt = now;
      this.ask();
    }
    return undefined;
  }

  private hear(now: number): void {
    this.bytesRead = this.socket.bytesRead;
    this.heardAt = now;
    this.askedAt = undefined;
  }

  /** Returns whether it has sent a frame. */
  private ask(): boolean {
    const { closed, pendingSettingsAck } = this.session;
    // node:http2 sends no PING after GOAWAY. SETTINGS have to be acknowledged too; those before may wait for that.
    if (closed && pendingSettingsAck) return false;
    // An answer shows that node:http2 reads, so that it needs no probe.
    const hear = (error: Error | null): void => {
      if (!error) this.hear(performance.now());
    };
    if (closed) this.session.settings({}, hear);
    else this.session.ping(hear);
    this.guard.exclude(closed ? "settings" : "ping");
    return true;
  }
}

/** Whether the system has taken everything that was written: a client that does not read delays the next frame. */
function hasWritten(socket: Socket): boolean {
  return (socket as { readonly _handle?: { readonly writeQueueSize?: number } })._handle?.writeQueueSize === 0;
}
