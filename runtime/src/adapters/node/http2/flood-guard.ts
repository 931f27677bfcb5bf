import type { Socket } from "node:net";

/** The bytes of PING and SETTINGS of the server, which are answers unless it asks. */
const answerSizes = { ping: 17, settings: 9 } as const;

/** How many frames may come too early one after the other. */
const maxEarly = 2;

/** How many SETTINGS a client may send at its start. */
const maxSettings = 10;

/** How many requests a client may abort at once, and how many per second. nghttp2 limits in the same way those that it resets itself. */
const abortBurst = 1_000;
const abortsPerSecond = 33;

/** Recognizes clients that make work and get nothing from it. */
export class FloodGuard {
  private readonly socket: Socket;
  private readonly minPingInterval: number;
  private settings = 0;
  private early = 0;
  private lastAt = Number.NEGATIVE_INFINITY;
  private answered = 0;
  private sent = 0;
  private aborts = abortBurst;
  private abortedAt = 0;

  constructor(socket: Socket, minPingInterval: number) {
    this.socket = socket;
    this.minPingInterval = minPingInterval;
  }

  /**
   * Counts a frame that the client can send without a request. Returns whether it is one too many: too early after the one before,
   * several times, although the server sent nothing but answers to such frames. Clients that measure the bandwidth send a PING with
   * the data that they get.
   */
  isFlood(frame: keyof typeof answerSizes, now: number): boolean {
    if (frame === "settings" && ++this.settings <= maxSettings) return false;
    this.answered += answerSizes[frame];
    const sent = this.socket.bytesWritten - this.answered;
    const isEarly = sent <= this.sent && now - this.lastAt < this.minPingInterval;
    this.sent = Math.max(this.sent, sent);
    this.lastAt = now;
    this.early = isEarly ? this.early + 1 : 0;
    return this.early > maxEarly;
  }

  /** The server sends a frame without being asked, from which the client gets nothing. */
  exclude(frame: keyof typeof answerSizes): void {
    this.answered += answerSizes[frame];
  }

  /** Counts a request that ended before its response. Returns whether it is one too many, as in a "rapid reset" (CVE-2023-44487). */
  isAbortFlood(now: number): boolean {
    this.aborts = Math.min(abortBurst, this.aborts + ((now - this.abortedAt) / 1000) * abortsPerSecond) - 1;
    this.abortedAt = now;
    return this.aborts < 0;
  }
}
