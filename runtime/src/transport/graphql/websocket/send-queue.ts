import type { WebSocketPort } from "../../../http/index.js";
import type { WebSocketSettings } from "./options.js";

/** A text that waits for the client, or only somebody who does. */
interface Waiting {
  readonly text: string | undefined;
  readonly isWanted: () => boolean;
  readonly done: () => void;
}

/** How often a socket is looked at that waits, in milliseconds: twice as long each time. Most servers tell before. */
const soonest = 10;
const latest = 500;

/**
 * What is sent on a socket, no faster than the client takes it. Each operation has one text here at the most, and replies that
 * nobody waits for are counted, so what a client can make a server keep is bounded.
 */
export class Outflow {
  private readonly socket: WebSocketPort;
  private readonly settings: Pick<WebSocketSettings, "bufferSize" | "writeTimeout">;
  private readonly cutOff: (why: string) => void;
  private readonly waiting: Waiting[] = [];
  /** Length of the replies since there was room. */
  private unread = 0;
  private look: ReturnType<typeof setTimeout> | undefined;
  private deadline: ReturnType<typeof setTimeout> | undefined;

  /** `cutOff`: of a client that does not read. */
  constructor(
    socket: WebSocketPort,
    settings: Pick<WebSocketSettings, "bufferSize" | "writeTimeout">,
    cutOff: (why: string) => void,
  ) {
    this.socket = socket;
    this.settings = settings;
    this.cutOff = cutOff;
  }

  /** Sends a text when there is room, unless nobody wants it any more by then. Gives no promise where it was sent at once. */
  send(text: string, isWanted: () => boolean): Promise<void> | undefined {
    if (this.waiting.length === 0 && this.hasRoom()) {
      this.socket.send(text);
      return undefined;
    }
    return this.wait(text, isWanted);
  }

  /** Resolves when there is room. Gives no promise where there is. */
  room(isWanted: () => boolean): Promise<void> | undefined {
    return this.waiting.length === 0 && this.hasRoom() ? undefined : this.wait(undefined, isWanted);
  }

  /** Sends at once what is short and answers a message. Cuts off a client that sends more and more and reads nothing. */
  reply(text: string): void {
    if (this.hasRoom()) this.unread = 0;
    else this.unread += text.length;
    if (this.unread > this.settings.bufferSize) this.cutOff("it sends messages and reads no answers");
    else this.socket.send(text);
  }

  /** Sends what waits, as far as there is room. */
  drain(): void {
    if (this.waiting.length === 0) return;
    let moved = false;
    while (this.waiting.length > 0 && this.hasRoom()) {
      const first = this.waiting.shift() as Waiting;
      if (first.text !== undefined && first.isWanted()) this.socket.send(first.text);
      first.done();
      moved = true;
    }
    if (this.waiting.length === 0) this.rest();
    else if (moved) this.watch();
  }

  /** Lets go of all that waits. */
  end(): void {
    this.rest();
    for (const { done } of this.waiting.splice(0)) done();
  }

  private hasRoom(): boolean {
    return this.socket.bufferedAmount <= this.settings.bufferSize;
  }

  private wait(text: string | undefined, isWanted: () => boolean): Promise<void> {
    return new Promise((done) => {
      this.waiting.push({ text, isWanted, done });
      if (this.waiting.length === 1) this.watch();
    });
  }

  /** From now on the client has its time to read on. */
  private watch(): void {
    this.rest();
    this.deadline = setTimeout(() => this.cutOff("it does not read"), this.settings.writeTimeout);
    this.lookAgain(soonest);
  }

  private lookAgain(after: number): void {
    this.look = setTimeout(() => {
      this.lookAgain(Math.min(after * 2, latest));
      this.drain();
    }, after);
  }

  private rest(): void {
    clearTimeout(this.deadline);
    clearTimeout(this.look);
  }
}
