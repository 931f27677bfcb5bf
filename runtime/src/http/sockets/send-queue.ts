import type { SharedMessage, WebSocketPort } from "../web-socket.js";
import type { SocketSettings } from "./socket-options.js";

/** A message that waits until the client can receive it. Without one: a caller that waits for free space. */
interface QueueEntry {
  readonly message: string | SharedMessage | undefined;
  readonly isWanted: () => boolean;
  readonly done: () => void;
}

/** Interval in milliseconds at which the buffer of a socket is polled, doubled each time. Most servers call `drain` earlier. */
const minPollInterval = 10;
const maxPollInterval = 500;

/**
 * Sends messages no faster than the client reads them. The memory of a connection is bounded: each operation has at most one
 * message in the queue, and the length of unread replies is limited.
 */
export class SendQueue {
  private readonly socket: WebSocketPort;
  private readonly settings: Pick<SocketSettings, "bufferSize" | "writeTimeout">;
  private readonly disconnect: (why: string) => void;
  private readonly entries: QueueEntry[] = [];
  /** Length of the replies that were sent since the buffer was full. */
  private unreadReplyLength = 0;
  private pollTimer: ReturnType<typeof setTimeout> | undefined;
  private deadline: ReturnType<typeof setTimeout> | undefined;

  /** `disconnect`: called for a client that does not read. */
  constructor(
    socket: WebSocketPort,
    settings: Pick<SocketSettings, "bufferSize" | "writeTimeout">,
    disconnect: (why: string) => void,
  ) {
    this.socket = socket;
    this.settings = settings;
    this.disconnect = disconnect;
  }

  /** Sends a message when there is space, unless `isWanted` returns false by then. Returns no promise if it was sent at once. */
  send(message: string | SharedMessage, isWanted: () => boolean): Promise<void> | undefined {
    if (this.entries.length === 0 && this.hasRoom()) {
      this.write(message);
      return undefined;
    }
    return this.enqueue(message, isWanted);
  }

  /** Resolves when there is space. Returns no promise if there is space now. */
  waitForRoom(isWanted: () => boolean): Promise<void> | undefined {
    return this.entries.length === 0 && this.hasRoom() ? undefined : this.enqueue(undefined, isWanted);
  }

  /** Sends a short reply at once. Disconnects a client that keeps sending messages and reads no replies. */
  reply(text: string): void {
    if (this.hasRoom()) this.unreadReplyLength = 0;
    else this.unreadReplyLength += text.length;
    if (this.unreadReplyLength > this.settings.bufferSize) this.disconnect("it sends messages and reads no replies");
    else this.socket.send(text);
  }

  /** Sends queued messages as far as there is space. */
  drain(): void {
    if (this.entries.length === 0) return;
    let moved = false;
    while (this.entries.length > 0 && this.hasRoom()) {
      const first = this.entries.shift() as QueueEntry;
      if (first.message !== undefined && first.isWanted()) this.write(first.message);
      first.done();
      moved = true;
    }
    if (this.entries.length === 0) this.clearTimers();
    else if (moved) this.restartTimers();
  }

  /** Discards all queued messages. */
  close(): void {
    this.clearTimers();
    for (const { done } of this.entries.splice(0)) done();
  }

  private write(message: string | SharedMessage): void {
    if (typeof message === "string") this.socket.send(message);
    else if (this.socket.sendShared !== undefined) this.socket.sendShared(message);
    else this.socket.send(message.text);
  }

  private hasRoom(): boolean {
    return this.socket.bufferedAmount <= this.settings.bufferSize;
  }

  private enqueue(message: string | SharedMessage | undefined, isWanted: () => boolean): Promise<void> {
    return new Promise((done) => {
      this.entries.push({ message, isWanted, done });
      if (this.entries.length === 1) this.restartTimers();
    });
  }

  /** Restarts the write timeout. */
  private restartTimers(): void {
    this.clearTimers();
    this.deadline = setTimeout(() => this.disconnect("it does not read"), this.settings.writeTimeout);
    this.schedulePoll(minPollInterval);
  }

  private schedulePoll(after: number): void {
    this.pollTimer = setTimeout(() => {
      this.schedulePoll(Math.min(after * 2, maxPollInterval));
      this.drain();
    }, after);
  }

  private clearTimers(): void {
    clearTimeout(this.deadline);
    clearTimeout(this.pollTimer);
  }
}
