import { retryDelay } from "../async/index.js";
import type { OutboxMessage, StreamId } from "../store/ports/index.js";
import type { BlockedStream } from "./status.js";

/** Most streams that are passed over. With more of them the receiver is away rather than at odds with some messages. */
const most = 1000;

interface Held {
  readonly message: OutboxMessage;
  readonly attempts: number;
  readonly due: number;
  readonly error: unknown;
}

/** The streams that wait because their first message could not be sent. */
export class HeldStreams {
  private readonly held = new Map<string, Held>();
  private readonly wait: { readonly base: number; readonly cap: number };

  constructor(wait: { readonly base: number; readonly cap: number }) {
    this.wait = wait;
  }

  /** How often the first message of the stream was tried. */
  attempts({ stream }: OutboxMessage): number {
    return this.held.get(keyOf(stream))?.attempts ?? 0;
  }

  hold(message: OutboxMessage, error: unknown): number {
    const attempts = this.attempts(message) + 1;
    const due = performance.now() + retryDelay(attempts - 1, this.wait);
    this.held.set(keyOf(message.stream), { message, attempts, due, error });
    return attempts;
  }

  letGo({ stream }: OutboxMessage): void {
    this.held.delete(keyOf(stream));
  }

  clear(): void {
    this.held.clear();
  }

  /** The streams to pass over now. undefined: there are too many, none must be sent. */
  waiting(): readonly StreamId[] | undefined {
    const now = performance.now();
    const waiting = [...this.held.values()].filter(({ due }) => due > now);
    return waiting.length >= most ? undefined : waiting.map(({ message }) => message.stream);
  }

  /** Milliseconds until the first of them may be tried again. */
  get nextDue(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { due } of this.held.values()) next = Math.min(next, due);
    return Math.max(1, next - performance.now());
  }

  get list(): readonly BlockedStream[] {
    const now = performance.now();
    return [...this.held.values()].map(({ message: { stream, id, type }, attempts, due, error }) => {
      return { stream, id, type, attempts, retryIn: Math.max(0, due - now), error };
    });
  }
}

export function keyOf({ tenant, type, id }: StreamId): string {
  return JSON.stringify([tenant, type, id]);
}
