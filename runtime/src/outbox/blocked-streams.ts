import { type Backoff, retryDelay } from "../async/index.js";
import { streamMapKey } from "../store/events/index.js";
import type { OutboxMessage, StreamId } from "../store/ports/index.js";
import type { BlockedStream } from "./status.js";

/** With this many blocked streams the receiver is taken for unavailable, and nothing is sent. */
const maxBlockedStreams = 1000;

interface BlockedMessage {
  readonly message: OutboxMessage;
  readonly attempts: number;
  readonly due: number;
  readonly error: unknown;
}

/** Streams whose first message could not be sent, with the backoff of each. */
export class BlockedStreams {
  private readonly blocked = new Map<string, BlockedMessage>();
  private readonly backoff: Backoff;

  constructor(backoff: Backoff) {
    this.backoff = backoff;
  }

  /** How many attempts the first message of the stream has had. */
  attempts({ stream }: OutboxMessage): number {
    return this.blocked.get(streamMapKey(stream))?.attempts ?? 0;
  }

  /** Blocks the stream of a message that could not be sent, and returns the number of attempts. */
  block(message: OutboxMessage, error: unknown): number {
    const attempts = this.attempts(message) + 1;
    const due = performance.now() + retryDelay(attempts - 1, this.backoff);
    this.blocked.set(streamMapKey(message.stream), { message, attempts, due, error });
    return attempts;
  }

  unblock({ stream }: OutboxMessage): void {
    this.blocked.delete(streamMapKey(stream));
  }

  clear(): void {
    this.blocked.clear();
  }

  /** The streams to skip now. undefined: there are too many, so nothing is to be sent. */
  waiting(): readonly StreamId[] | undefined {
    const now = performance.now();
    const waiting = [...this.blocked.values()].filter(({ due }) => due > now);
    return waiting.length >= maxBlockedStreams ? undefined : waiting.map(({ message }) => message.stream);
  }

  /** Milliseconds until the first of them is due for a retry. */
  get nextDue(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { due } of this.blocked.values()) next = Math.min(next, due);
    return Math.max(1, next - performance.now());
  }

  get list(): readonly BlockedStream[] {
    const now = performance.now();
    return [...this.blocked.values()].map(({ message: { stream, id, type }, attempts, due, error }) => {
      return { stream, id, type, attempts, retryIn: Math.max(0, due - now), error };
    });
  }
}
