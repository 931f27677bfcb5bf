import type { Writable } from "node:stream";

/** A response that its client has not read yet. */
interface Unsent {
  readonly bytes: number;
  /** How long the client may read nothing, in milliseconds. */
  readonly timeout: number;
  /** When that time is over, on the clock of `performance.now`. Infinity: it has not begun. */
  deadline: number;
}

/** The longest delay of a timer, in milliseconds. */
const longest = 2 ** 31 - 1;

/** The responses that clients have not read yet. Limits their total size, and the time in which a client reads nothing. */
// One timer for all of them, which is set again only when it has fired: a timer for each response would cost more than the rest
// of its writing.
export class UnsentResponses {
  private readonly maxSize: number;
  private readonly disconnect: (outgoing: Writable, reason: string) => void;
  /** The response whose client has read nothing for longest comes first. */
  private readonly waiting: Map<Writable, Unsent> = new Map();
  private total = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** When the timer fires. */
  private nextCheck = Number.POSITIVE_INFINITY;

  /** `maxSize`: in bytes. */
  constructor(maxSize: number, disconnect: (outgoing: Writable, reason: string) => void) {
    this.maxSize = maxSize;
    this.disconnect = disconnect;
  }

  /**
   * Adds a response. Adding it again means that its client has read some of it. `timeout`: in milliseconds; it begins with
   * `startTime`.
   */
  add(outgoing: Writable, bytes: number, timeout: number): void {
    this.remove(outgoing);
    this.waiting.set(outgoing, { bytes, timeout, deadline: Number.POSITIVE_INFINITY });
    this.total += bytes;
    if (this.total <= this.maxSize) return;
    for (const [first] of this.waiting) {
      // A single response may exceed the limit.
      if (this.total <= this.maxSize || first === outgoing) return;
      this.remove(first);
      this.disconnect(first, "it reads nothing, and other responses need the memory");
    }
  }

  /** The response's turn on its connection has come. */
  startTime(outgoing: Writable): void {
    const unsent = this.waiting.get(outgoing);
    if (unsent === undefined) return;
    const now = performance.now();
    unsent.deadline = now + unsent.timeout;
    this.schedule(unsent.deadline, now);
  }

  remove(outgoing: Writable): void {
    const unsent = this.waiting.get(outgoing);
    if (unsent === undefined) return;
    this.waiting.delete(outgoing);
    this.total -= unsent.bytes;
  }

  private schedule(deadline: number, now: number): void {
    if (deadline >= this.nextCheck) return;
    clearTimeout(this.timer);
    this.nextCheck = deadline;
    this.timer = setTimeout(() => this.check(), Math.min(Math.ceil(deadline - now), longest));
    // A response that waits has a connection, which keeps the process running.
    this.timer.unref();
  }

  private check(): void {
    this.nextCheck = Number.POSITIVE_INFINITY;
    const now = performance.now();
    let next = Number.POSITIVE_INFINITY;
    for (const [outgoing, { deadline, timeout }] of this.waiting) {
      if (deadline > now) {
        next = Math.min(next, deadline);
      } else {
        this.remove(outgoing);
        this.disconnect(outgoing, `it read nothing for ${timeout} ms`);
      }
    }
    this.schedule(next, now);
  }
}
